/**
 * The room's tables. Row writes are the bill, so there is no AUTOINCREMENT,
 * no secondary index, and one log row per commit rather than per event.
 *
 *   log       one row per chain step: up to 1 MB of events, their salts and leaves, and the head after them
 *   id_fresh  one row per commit: the hashes of its ids and bodies, until they are in a run
 *   id_part   sorted runs of them, in parts of a thousand, for ever
 *   id_run    the runs that are whole, and the seqs of each: see ids/ids.ts
 *   snapshot  the newest state, in parts
 *   checkpoint  earlier states, compressed, for time travel
 *   tally     what is added up per slot of time, for the metrics; see tally.ts
 *   timeline  the event time of every seq, some thousand a row
 *   segment, column_part  the log by columns, for questions: see columns.ts
 *   drain     how far the archive is, as far as the room knows, and how often events were destroyed; one row
 *   batching  there when delivery is batched: since when
 *   audit     the newest nightly audit, and what the last one found; one row
 *   forward   there when sums are forwarded: to whom, and how it goes
 *   forwarded the hours that were, and the report that each was sent as
 *   witness   where the log says that events were forgotten: a hint, the log is the proof
 *   id_check  up to which seq ids were compared with the log, night by night; one row
 *   watch     up to where watchers looked, and when they look again; one row
 *   notices   there when alerts are told elsewhere: up to where the log was looked through; one row
 *   delivery  each message about an alert, and what became of it
 *   lessons   up to where the log was looked through for lessons, and the team's book knows it; one row
 *   keys      who may ask
 *   shares    what the links of the project show, and until when
 */
import { dropLegacy } from "./ids/legacy.ts";

/** Raised with a migration below. */
const TABLES_VERSION = 19;

const CREATE: readonly string[] = [
  // `events` holds one JSON text per line, in UTF-8; an empty line is a forgotten event.
  // `salts` has 16 bytes per event, `leaves` 32; `head` is the chain's hash after this row.
  `CREATE TABLE log (
     first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, received_ms INTEGER NOT NULL,
     head BLOB NOT NULL, salts BLOB NOT NULL, leaves BLOB NOT NULL, events BLOB NOT NULL)`,
  `CREATE TABLE snapshot (part INTEGER PRIMARY KEY, seq INTEGER NOT NULL, version INTEGER NOT NULL, bytes BLOB NOT NULL)`,
  // `secret_hash` is null in the tombstone of a key that was revoked before it was known.
  `CREATE TABLE keys (key_id TEXT PRIMARY KEY, secret_hash BLOB, scopes TEXT NOT NULL, revoked_ms INTEGER) WITHOUT ROWID`,
];

/** Since version 2. */
const CREATE_HISTORY: readonly string[] = [
  // `bytes`: gzip of the state's text, in parts.
  `CREATE TABLE checkpoint (
     seq INTEGER NOT NULL, part INTEGER NOT NULL, version INTEGER NOT NULL, bytes BLOB NOT NULL,
     PRIMARY KEY (seq, part)) WITHOUT ROWID`,
  // `times` and `marks`: see timeline.ts.
  `CREATE TABLE timeline (
     last_seq INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, first_time INTEGER NOT NULL,
     last_time INTEGER NOT NULL, times BLOB NOT NULL, marks BLOB NOT NULL)`,
  // `must_clear`: events were destroyed, so what was copied of them has to go too.
  `CREATE TABLE drain (
     one INTEGER PRIMARY KEY CHECK (one = 1), project_id TEXT NOT NULL, seq INTEGER NOT NULL,
     must_clear INTEGER NOT NULL)`,
  // The timeline begins where the snapshot does: without one, the next wake folds the log and writes both.
  "DELETE FROM snapshot",
];

/** Since version 3: what a project's admins set, as far as the room acts on it. */
const CREATE_SETTINGS: readonly string[] = [
  `CREATE TABLE batching (one INTEGER PRIMARY KEY CHECK (one = 1), phase_ms INTEGER NOT NULL)`,
];

/** Since version 4. */
const CREATE_AUDIT: readonly string[] = [
  // See audit.ts.
  `CREATE TABLE audit (
     one INTEGER PRIMARY KEY CHECK (one = 1), day TEXT NOT NULL, attempt INTEGER NOT NULL, started_ms INTEGER,
     checked_seq INTEGER NOT NULL, report TEXT)`,
];

/** Since version 5. */
const CREATE_COLUMNS: readonly string[] = [
  `CREATE TABLE segment (
     first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, version INTEGER NOT NULL, events INTEGER NOT NULL,
     min_time INTEGER NOT NULL, max_time INTEGER NOT NULL, overflows INTEGER NOT NULL)`,
  // By field first: a question reads one column of many segments.
  `CREATE TABLE column_part (
     field TEXT NOT NULL, first_seq INTEGER NOT NULL, bytes BLOB NOT NULL,
     PRIMARY KEY (field, first_seq)) WITHOUT ROWID`,
  // Segments begin at seq 1: the next wake folds the log once and writes them.
  "DELETE FROM snapshot",
];

/** Since version 6. */
const CREATE_FORWARD: readonly string[] = [
  `CREATE TABLE forward (
     one INTEGER PRIMARY KEY CHECK (one = 1), project_id TEXT NOT NULL, target TEXT NOT NULL,
     seq INTEGER NOT NULL, next_ms INTEGER NOT NULL, error TEXT)`,
  `CREATE TABLE forwarded (hour INTEGER PRIMARY KEY, events INTEGER NOT NULL)`,
];

/** Since version 7. */
const CREATE_SHARES: readonly string[] = [
  // `secret_hash` is null in the tombstone of a link that was revoked before it was known.
  `CREATE TABLE shares (
     share_id TEXT PRIMARY KEY, secret_hash BLOB, views TEXT NOT NULL, redactions TEXT NOT NULL,
     needs_passphrase INTEGER NOT NULL, expires_ms INTEGER, revoked_ms INTEGER) WITHOUT ROWID`,
];

/** Since version 8. */
const CREATE_IDS: readonly string[] = [
  // `entries`: 32 bytes per event, in order of seq: the first 16 of SHA-256(id), the first 16 of the body's; zeros once forgotten.
  `CREATE TABLE id_fresh (first_seq INTEGER PRIMARY KEY, entries BLOB NOT NULL)`,
  // The same, in order of their hashes. `filter` stands before them, so that it is read without them.
  `CREATE TABLE id_part (
     tier INTEGER NOT NULL, first_seq INTEGER NOT NULL, first_id BLOB NOT NULL, filter BLOB NOT NULL,
     entries BLOB NOT NULL, PRIMARY KEY (tier, first_seq, first_id)) WITHOUT ROWID`,
  `CREATE TABLE id_run (
     tier INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL,
     PRIMARY KEY (tier, first_seq)) WITHOUT ROWID`,
];
/** Since version 9. */
const CREATE_GENERATION: readonly string[] = [
  "ALTER TABLE drain ADD COLUMN generation INTEGER NOT NULL DEFAULT 0",
  // What waits to be emptied has to be of an earlier one.
  "UPDATE drain SET generation = must_clear",
  // Counts of events do not tell hours apart. What is sent once more, its receiver has already.
  "DROP TABLE forwarded",
  `CREATE TABLE forwarded (hour INTEGER PRIMARY KEY, report TEXT NOT NULL)`,
];
/** Since version 13. */
const CREATE_WATCH: readonly string[] = [
  // See watch.ts.
  `CREATE TABLE watch (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, next_ms INTEGER)`,
];
/** Since version 14. */
const CREATE_WITNESS: readonly string[] = [
  `CREATE TABLE witness (seq INTEGER PRIMARY KEY)`,
  `CREATE TABLE id_check (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL)`,
];

/** Since version 15. */
const CREATE_TALLY: readonly string[] = [
  // `slot`: its span and its start, ms. `bytes`: JSON of a WireSlot.
  `CREATE TABLE tally (slot TEXT PRIMARY KEY, bytes BLOB NOT NULL)`,
  `CREATE TABLE tally_head (
     one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, version INTEGER NOT NULL,
     now_ms INTEGER NOT NULL)`,
];

/** Since version 16. */
const CREATE_NOTICES: readonly string[] = [
  // See notices.ts.
  `CREATE TABLE notices (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL)`,
  `CREATE TABLE delivery (
     id TEXT PRIMARY KEY, channel TEXT NOT NULL, seq INTEGER NOT NULL, outcome TEXT NOT NULL,
     attempts INTEGER NOT NULL, error TEXT, at_ms INTEGER NOT NULL, next_ms INTEGER) WITHOUT ROWID`,
];
/** Since version 17. */
const CREATE_LESSONS: readonly string[] = [
  // See lessons.ts.
  `CREATE TABLE lessons (
     one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, known INTEGER NOT NULL)`,
];
/** Since version 18. */
const CREATE_REFLECTIONS: readonly string[] = [
  // See reflections.ts.
  `CREATE TABLE reflected (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL)`,
  `CREATE TABLE reflecting (
     feature_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, attempt INTEGER NOT NULL, due_ms INTEGER NOT NULL) WITHOUT ROWID`,
];
/** Since version 19 what Clusterfork says moves no clock: the next wake folds the log once and traces it anew. */
const TRACE_ANEW = "DELETE FROM timeline";
/** Since version 19. */
const CREATE_RESTING: readonly string[] = [
  // See rested.ts.
  `CREATE TABLE resting (feature_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, due_ms INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE INDEX resting_due ON resting (due_ms)`,
  `CREATE INDEX resting_seq ON resting (seq)`,
];
/** Until version 8 `ids` had a row for each: it counts as a run of all seqs so far, see ids/legacy.ts. */
const ADOPT_IDS = `INSERT INTO id_run (tier, first_seq, last_seq)
  SELECT -1, 1, coalesce((SELECT max(last_seq) FROM log), 1) WHERE EXISTS (SELECT 1 FROM ids)`;

/** Brings the tables to this version. Runs at every wake-up, so it must cost nothing when there is nothing to do. */
export function migrate(storage: DurableObjectStorage): void {
  storage.transactionSync(() => {
    const { sql } = storage;
    sql.exec("CREATE TABLE IF NOT EXISTS tables (version INTEGER NOT NULL)");
    const found = sql.exec<{ version: number }>("SELECT version FROM tables").toArray()[0]?.version ?? 0;
    if (found > TABLES_VERSION) {
      throw new Error(
        `this room was written by a newer version (tables ${String(found)}); deploy that version again`,
      );
    }
    if (found === TABLES_VERSION) {
      dropLegacy(sql);
      return;
    }
    if (found < 1) for (const statement of CREATE) sql.exec(statement);
    if (found < 2) for (const statement of CREATE_HISTORY) sql.exec(statement);
    if (found < 3) for (const statement of CREATE_SETTINGS) sql.exec(statement);
    if (found < 4) for (const statement of CREATE_AUDIT) sql.exec(statement);
    if (found < 5) for (const statement of CREATE_COLUMNS) sql.exec(statement);
    if (found < 6) for (const statement of CREATE_FORWARD) sql.exec(statement);
    if (found < 7) for (const statement of CREATE_SHARES) sql.exec(statement);
    if (found < 8) for (const statement of CREATE_IDS) sql.exec(statement);
    if (found < 9) for (const statement of CREATE_GENERATION) sql.exec(statement);
    if (found < 13) for (const statement of CREATE_WATCH) sql.exec(statement);
    if (found < 14) for (const statement of CREATE_WITNESS) sql.exec(statement);
    if (found < 15) for (const statement of CREATE_TALLY) sql.exec(statement);
    if (found < 16) for (const statement of CREATE_NOTICES) sql.exec(statement);
    if (found < 17) for (const statement of CREATE_LESSONS) sql.exec(statement);
    if (found < 18) for (const statement of CREATE_REFLECTIONS) sql.exec(statement);
    if (found < 19) for (const statement of [TRACE_ANEW, ...CREATE_RESTING]) sql.exec(statement);
    if (found >= 1 && found < 8) {
      sql.exec(ADOPT_IDS);
      dropLegacy(sql);
    }
    sql.exec("DELETE FROM tables");
    sql.exec("INSERT INTO tables (version) VALUES (?)", TABLES_VERSION);
  });
}
