/** One line of the backtest: what was foretold, how it came out, and what was asked of it. */
export interface Row {
  /** The data: `Gas Town`, `Beads`, `simulated`, `miniature`. */
  data: string;
  what: string;
  value: number;
  unit: "%" | "score";
  /** Trials that it rests on. */
  n: number;
  /** Absent where the issue asks for nothing; the row is there to compare with. */
  target?: { low: number; high: number; words: string };
  note?: string;
}

export const share = (hits: number, of: number): number => (of === 0 ? Number.NaN : (100 * hits) / of);

/** Null where nothing is asked, or nothing was tried. */
export function isMet({ value, target }: Row): boolean | null {
  return target === undefined || Number.isNaN(value) ? null : value >= target.low && value <= target.high;
}

const shown = ({ value, unit }: Row): string =>
  Number.isNaN(value) ? "unknown" : unit === "%" ? `${value.toFixed(1)} %` : value.toFixed(3);

const HEADINGS = ["data", "what", "came out", "asked", "", "n"];

export function table(rows: readonly Row[]): string {
  const lines = [
    HEADINGS,
    ...rows.map((row) => {
      const met = isMet(row);
      const what = row.note === undefined ? row.what : `${row.what} (${row.note})`;
      return [
        row.data,
        what,
        shown(row),
        row.target?.words ?? "",
        met === null ? "" : met ? "met" : "MISSED",
        String(row.n),
      ];
    }),
  ];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const draw = (line: readonly string[]) =>
    `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [draw(lines[0] ?? []), rule, ...lines.slice(1).map(draw)].join("\n");
}
