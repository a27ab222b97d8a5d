/**
 * The room's tables. Row writes are the bill, so there is no AUTOINCREMENT,
 * no secondary index, and one log row per commit rather than per event.
 *
 *   log       one row per chain step: up to 1 MB of events, their salts and leaves, and the head after them
 *   ids       one row per event: the hash of its id, for ever
 *   snapshot  the newest state, in parts
 *   keys      who may ask
 */

/** Raised with a migration below. */
const TABLES_VERSION = 1;

const CREATE = [
  // `events` holds one JSON text per line, in UTF-8; an empty line is a forgotten event.
  // `salts` has 16 bytes per event, `leaves` 32; `head` is the chain's hash after this row.
  `CREATE TABLE log (
     first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, received_ms INTEGER NOT NULL,
     head BLOB NOT NULL, salts BLOB NOT NULL, leaves BLOB NOT NULL, events BLOB NOT NULL)`,
  // `id_hash`: the first 16 bytes of SHA-256(id). `body_hash`: the first 16 of the body's; null once forgotten.
  `CREATE TABLE ids (id_hash BLOB PRIMARY KEY, seq INTEGER NOT NULL, body_hash BLOB) WITHOUT ROWID`,
  `CREATE TABLE snapshot (part INTEGER PRIMARY KEY, seq INTEGER NOT NULL, version INTEGER NOT NULL, bytes BLOB NOT NULL)`,
  // `secret_hash` is null in the tombstone of a key that was revoked before it was known.
  `CREATE TABLE keys (key_id TEXT PRIMARY KEY, secret_hash BLOB, scopes TEXT NOT NULL, revoked_ms INTEGER) WITHOUT ROWID`,
];

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
    if (found === 0) {
      for (const statement of CREATE) sql.exec(statement);
      sql.exec("INSERT INTO tables (version) VALUES (?)", TABLES_VERSION);
    }
  });
}
