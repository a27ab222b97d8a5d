/** The table of the top README: a block between two markers, rewritten by a run over the recorded data. */
import { table, type Row } from "./row.ts";

const BEGIN = "<!-- backtest: written by `npm run backtest -- --readme` -->";
const END = "<!-- end of backtest -->";

export function rewrite(readme: string, rows: readonly Row[], about: string): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md lacks the markers ${BEGIN} and ${END}`);
  return `${readme.slice(0, from)}${BEGIN}\n\n${about}\n\n${table(rows)}\n\n${readme.slice(to)}`;
}
