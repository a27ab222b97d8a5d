/** Which lessons' effects have to be told anew: a row of `effect` each. */

/** The row of what is told of all lessons together, by the one that ranked best when a task first asked. No lesson has the key. */
export const OVERALL = 0;

/** Told anew at the next look. */
export function noteChanged(sql: SqlStorage, project: string, pk: number): void {
  for (const row of [pk, OVERALL])
    sql.exec(
      `INSERT INTO effect (project, pk, is_stale, told) VALUES (?, ?, 1, NULL)
       ON CONFLICT (project, pk) DO UPDATE SET is_stale = 1`,
      ...[project, row],
    );
}

/** With its draws: what is told of all lessons together is computed from the beginning. */
export function forgetEffects(sql: SqlStorage, pk: number): void {
  sql.exec(
    `UPDATE effect SET is_stale = 1, told = NULL
     WHERE pk = ? AND project IN (SELECT project FROM effect WHERE pk = ?)`,
    ...[OVERALL, pk],
  );
  sql.exec("DELETE FROM effect WHERE pk = ?", pk);
}
