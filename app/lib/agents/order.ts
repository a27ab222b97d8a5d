/** Rows keep their place while somebody points at them: the order that was, with what is new at its end and what is gone left out. */
export function holdOrder<Row>(
  rows: readonly Row[],
  held: readonly string[] | null,
  key: (row: Row) => string,
): Row[] {
  if (held === null) return [...rows];
  const places = new Map(held.map((each, index) => [each, index]));
  const at = (row: Row) => places.get(key(row)) ?? held.length;
  return rows.toSorted((a, b) => at(a) - at(b));
}
