/** Counts what the bill counts, at the two places where it is spent: a Durable Object's storage, and D1. */

export interface Counted {
  room_rows_written: number;
  room_rows_read: number;
  alarms_run: number;
  d1_rows_written: number;
  d1_rows_read: number;
  /** Of `d1_rows_written`: rows of tasks, features and agents. The others are what a copy costs by itself. */
  d1_entity_rows: number;
}

const ENTITY = /\barchive_(task|feature|agent)\b/;

export const nothingCounted = (): Counted => ({
  room_rows_written: 0,
  room_rows_read: 0,
  alarms_run: 0,
  d1_rows_written: 0,
  d1_rows_read: 0,
  d1_entity_rows: 0,
});

/** An alarm whose moment the benchmark decides. */
export interface Alarm {
  at_ms: number | null;
}

/**
 * From now on every statement and every alarm of this object is counted. The alarm is set nowhere but in the answer:
 * whoever lets the time pass runs it.
 */
export function meterRoom({ storage }: DurableObjectState, counted: Counted): Alarm {
  const alarm: Alarm = { at_ms: null };
  const exec = storage.sql.exec.bind(storage.sql);
  let reading: { rowsRead: number } | null = null;
  storage.sql.exec = <T extends Record<string, SqlStorageValue>>(query: string, ...bindings: unknown[]) => {
    const cursor = exec<T>(query, ...bindings);
    // A write is done when `exec` returns; who reads has stepped to the end when the next statement comes.
    counted.room_rows_written += cursor.rowsWritten;
    counted.room_rows_read += reading?.rowsRead ?? 0;
    reading = cursor;
    return cursor;
  };
  storage.getAlarm = () => Promise.resolve(alarm.at_ms);
  storage.setAlarm = (at) => {
    alarm.at_ms = Number(at);
    counted.room_rows_written += 1;
    return Promise.resolve();
  };
  return alarm;
}

/** D1 with every answer counted; a batch by statement, since each says what it wrote. */
export function meterD1(db: D1Database, counted: Counted): D1Database {
  const queries = new WeakMap<object, string>();
  const count = (query: string, { meta }: D1Result) => {
    counted.d1_rows_written += meta.rows_written;
    counted.d1_rows_read += meta.rows_read;
    if (ENTITY.test(query)) counted.d1_entity_rows += meta.rows_written;
  };
  const statement = (query: string, inner: D1PreparedStatement): D1PreparedStatement => {
    const outer = new Proxy(inner, {
      get(target, name) {
        if (name === "bind") {
          return (...values: unknown[]) => statement(query, target.bind(...values));
        }
        if (name === "first") {
          return async (column?: string) => {
            const reply = await target.all<Record<string, unknown>>();
            count(query, reply);
            const row = reply.results[0] ?? null;
            return row === null || column === undefined ? row : row[column];
          };
        }
        if (name === "all" || name === "run") {
          return async () => {
            const reply = await target[name]();
            count(query, reply);
            return reply;
          };
        }
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    queries.set(outer, query);
    inners.set(outer, inner);
    return outer;
  };
  const inners = new WeakMap<object, D1PreparedStatement>();
  return new Proxy(db, {
    get(target, name) {
      if (name === "prepare") return (query: string) => statement(query, target.prepare(query));
      if (name === "batch") {
        return async (statements: D1PreparedStatement[]) => {
          const replies = await target.batch(statements.map((one) => inners.get(one) ?? one));
          replies.forEach((reply, index) => {
            const one = statements[index];
            count(one === undefined ? "" : (queries.get(one) ?? ""), reply);
          });
          return replies;
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
