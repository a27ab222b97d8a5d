/** Whose word about a lesson is enough: who taught it, and who has nobody beside him who is handed what he ends. */

/**
 * The key that taught it first, and one that alone ever asked for lessons of this project. A reflection is taught by whose
 * events it rests on, where they are one key's; of several none taught it alone.
 */
export function mayAlone(sql: SqlStorage, project: string, pk: number): Set<string> {
  const asked = askersOf(sql, project);
  return new Set([...teachersOf(sql, pk), ...(asked.length === 1 ? asked : [])]);
}

function teachersOf(sql: SqlStorage, pk: number): string[] {
  const [first] = sql
    .exec<{
      key_id: string;
      keys: string;
    }>("SELECT key_id, keys FROM origin WHERE pk = ? ORDER BY seq LIMIT 1", pk)
    .toArray();
  if (first === undefined) return [];
  if (first.key_id !== "") return [first.key_id];
  const rests_on = JSON.parse(first.keys) as string[];
  return rests_on.length === 1 ? rests_on : [];
}

/** As many as tell whether one asks alone: further ones would say nothing more. */
const MAX_ASKERS = 2;

/** Kept for good, beside what was given: that is forgotten by age, and who asks often enough would have asked alone. */
export function noteAsker(sql: SqlStorage, project: string, key: string | null): void {
  if (key === null || askersOf(sql, project).length >= MAX_ASKERS) return;
  sql.exec("INSERT OR IGNORE INTO asker (project, key_id) VALUES (?, ?)", project, key);
}

function askersOf(sql: SqlStorage, project: string): string[] {
  return sql
    .exec<{ key_id: string }>("SELECT key_id FROM asker WHERE project = ?", project)
    .toArray()
    .map(({ key_id }) => key_id);
}
