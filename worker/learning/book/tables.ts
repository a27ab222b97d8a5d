/**
 * The book's tables, beside those of its index.
 *
 *   told      up to where each project's log was taken in
 *   lesson    each lesson as it stands (JSON of a `Kept`), and what lists are made by
 *   named     the names by which events call it: its own, and those of twins that were merged into it
 *   origin    who said it in which words, so that a key's words can be taken out again
 *   vote      the newest judgement of each agent about it
 *   delivery  to which tasks it was given, and from which it was held back; with a share of 0 no coin was tossed
 *   effect    what was told of each lesson's effect (JSON of a `LessonEffect`), and whether its draws changed since
 *   asker     of each project the first two keys that asked for lessons
 *   verdict   names and words, hashed, of lessons that were quarantined or retired when they had to go for want of room
 */
import { DEFAULT_LEARNING } from "../../../schema/wire/learning.ts";

const TABLES_VERSION = 6;

const CREATE: readonly string[] = [
  `CREATE TABLE told (project TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE lesson (
     pk INTEGER PRIMARY KEY, project TEXT NOT NULL, words TEXT NOT NULL, status TEXT NOT NULL, scope TEXT NOT NULL,
     importance REAL NOT NULL, used_ms INTEGER NOT NULL, is_waiting INTEGER NOT NULL, kept TEXT NOT NULL)`,
  `CREATE INDEX lesson_by_words ON lesson (project, words)`,
  `CREATE TABLE named (project TEXT NOT NULL, name TEXT NOT NULL, pk INTEGER NOT NULL,
     PRIMARY KEY (project, name)) WITHOUT ROWID`,
  `CREATE INDEX named_pk ON named (pk)`,
  `CREATE TABLE origin (
     pk INTEGER NOT NULL, seq INTEGER NOT NULL, key_id TEXT NOT NULL, keys TEXT NOT NULL,
     stands INTEGER NOT NULL, says TEXT NOT NULL,
     PRIMARY KEY (pk, seq)) WITHOUT ROWID`,
  `CREATE TABLE vote (
     pk INTEGER NOT NULL, voter TEXT NOT NULL, project TEXT NOT NULL, key_id TEXT NOT NULL, value INTEGER NOT NULL,
     PRIMARY KEY (pk, voter)) WITHOUT ROWID`,
  `CREATE TABLE delivery (
     project TEXT NOT NULL, task TEXT NOT NULL, pk INTEGER NOT NULL, is_withheld INTEGER NOT NULL,
     at_ms INTEGER NOT NULL, PRIMARY KEY (project, task, pk)) WITHOUT ROWID`,
  `CREATE INDEX delivery_at ON delivery (at_ms)`,
];

/** Since version 2: the chance with which it would be held back. Before there was one share for all. */
const ADD_SHARE = `ALTER TABLE delivery ADD COLUMN share REAL NOT NULL DEFAULT ${DEFAULT_LEARNING.withheld_share}`;

/**
 * Since version 3: its place among what fitted, whether the answer came too late, and when the task searched for it
 * after the coin. What was given without a coin is forgotten by age, what a coin decided is not (limits.ts).
 */
const ADD_TRIAL: readonly string[] = [
  "ALTER TABLE delivery ADD COLUMN rank INTEGER",
  "ALTER TABLE delivery ADD COLUMN is_late INTEGER NOT NULL DEFAULT 0",
  "ALTER TABLE delivery ADD COLUMN searched_ms INTEGER",
  "DROP INDEX delivery_at",
  "CREATE INDEX delivery_given ON delivery (at_ms) WHERE share = 0",
];

/**
 * Since version 4: what became of the task (JSON of an `End`), kept at first sight; which key asked; whether it ranked best
 * when its task first asked; what was told of effects; and of names, which event said it last, as the oldest are forgotten.
 */
const ADD_EFFECT: readonly string[] = [
  "ALTER TABLE delivery ADD COLUMN outcome TEXT",
  "ALTER TABLE delivery ADD COLUMN key_id TEXT NOT NULL DEFAULT ''",
  "ALTER TABLE delivery ADD COLUMN is_best INTEGER NOT NULL DEFAULT 0",
  "ALTER TABLE named ADD COLUMN seq INTEGER NOT NULL DEFAULT 0",
  "DROP INDEX delivery_given",
  "CREATE INDEX delivery_given ON delivery (project, at_ms) WHERE share = 0",
  "CREATE INDEX delivery_trial ON delivery (project, pk, at_ms) WHERE share > 0",
  "CREATE INDEX delivery_open ON delivery (project, at_ms) WHERE share > 0 AND outcome IS NULL",
  "CREATE INDEX delivery_best ON delivery (project, at_ms) WHERE is_best = 1",
  `CREATE TABLE effect (project TEXT NOT NULL, pk INTEGER NOT NULL, is_stale INTEGER NOT NULL, told TEXT,
     PRIMARY KEY (project, pk)) WITHOUT ROWID`,
  "CREATE INDEX effect_pk ON effect (pk)",
  `UPDATE delivery SET is_best = 1 WHERE (project, task, pk) IN (
     SELECT project, task, pk FROM (
       SELECT project, task, pk,
         row_number() OVER (PARTITION BY project, task ORDER BY at_ms, rank IS NULL, rank, pk) AS place
       FROM delivery WHERE share > 0)
     WHERE place = 1)`,
  "INSERT INTO effect SELECT DISTINCT project, pk, 1, NULL FROM delivery WHERE share > 0",
  "INSERT INTO effect SELECT DISTINCT project, 0, 1, NULL FROM delivery WHERE share > 0",
];

/**
 * Since version 5: who asked, which `delivery` forgets with what was given (alone.ts), and whether what speaks against a lesson
 * is one key's word (look.ts).
 */
const ADD_ASKER: readonly string[] = [
  "ALTER TABLE effect ADD COLUMN one_key TEXT",
  "CREATE TABLE asker (project TEXT NOT NULL, key_id TEXT NOT NULL, PRIMARY KEY (project, key_id)) WITHOUT ROWID",
  `INSERT OR IGNORE INTO asker
     SELECT project, min(key_id) FROM delivery WHERE key_id <> '' GROUP BY project
     UNION SELECT project, max(key_id) FROM delivery WHERE key_id <> '' GROUP BY project`,
];

/** Since version 6: what a lesson was given to is found when it is destroyed, in every project that it was given to. */
const FIND_DELIVERIES = "CREATE INDEX delivery_pk ON delivery (pk)";
/** Since version 6: what was judged before it had to go (judged.ts), the newest last. */
const ADD_VERDICT: readonly string[] = [
  `CREATE TABLE verdict (
     id INTEGER PRIMARY KEY, project TEXT NOT NULL, sign TEXT NOT NULL, lesson TEXT NOT NULL, status TEXT NOT NULL,
     reason TEXT, UNIQUE (project, sign))`,
  "CREATE INDEX verdict_newest ON verdict (project, id)",
];

/** Runs at every wake-up, so it costs nothing when there is nothing to do. */
export function migrate(storage: DurableObjectStorage): void {
  storage.transactionSync(() => {
    const { sql } = storage;
    sql.exec("CREATE TABLE IF NOT EXISTS book (version INTEGER NOT NULL)");
    const found = sql.exec<{ version: number }>("SELECT version FROM book").toArray()[0]?.version ?? 0;
    if (found > TABLES_VERSION)
      throw new Error(
        `this book was written by a newer version (${String(found)}); deploy that version again`,
      );
    if (found === TABLES_VERSION) return;
    if (found < 1) for (const statement of CREATE) sql.exec(statement);
    if (found < 2) sql.exec(ADD_SHARE);
    if (found < 3) for (const statement of ADD_TRIAL) sql.exec(statement);
    if (found < 4) for (const statement of ADD_EFFECT) sql.exec(statement);
    if (found < 5) for (const statement of ADD_ASKER) sql.exec(statement);
    if (found < 6) for (const statement of [FIND_DELIVERIES, ...ADD_VERDICT]) sql.exec(statement);
    sql.exec("DELETE FROM book");
    sql.exec("INSERT INTO book (version) VALUES (?)", TABLES_VERSION);
  });
}
