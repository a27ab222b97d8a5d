/** Rows keep their places under their reader: what came meanwhile is counted until somebody asks for it. */
export interface Held<Row> {
  /** Those that stood there, as they are now. */
  shown: Row[];
  /** How many came since. */
  fresh: number;
}

/** `kept`: the names of the rows that stood there, in their order. Where none did, nothing has a place to keep. */
export function holdRows<Row>(
  rows: readonly Row[],
  kept: readonly string[],
  nameOf: (row: Row) => string,
): Held<Row> {
  const by_name = new Map(rows.map((row) => [nameOf(row), row]));
  const shown = kept.flatMap((name) => by_name.get(name) ?? []);
  if (shown.length === 0) return { shown: [...rows], fresh: 0 };
  return { shown, fresh: by_name.size - shown.length };
}

/** Where the rows of one list stand, from when it first came until somebody asks for what came since. */
export class Places<Row> {
  readonly #nameOf: (row: Row) => string;
  #of: string | null = null;
  #kept: readonly string[] = [];

  constructor(nameOf: (row: Row) => string) {
    this.#nameOf = nameOf;
  }

  /** `of`: which list it is; another has places of its own. */
  hold(rows: readonly Row[], of: string): Held<Row> {
    if (this.#of !== of || this.#kept.length === 0) {
      this.#of = of;
      this.#kept = rows.map(this.#nameOf);
    }
    return holdRows(rows, this.#kept, this.#nameOf);
  }

  /** The rows that come next take their places anew. */
  forget(): void {
    this.#of = null;
  }
}
