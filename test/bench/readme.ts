/** The table of the top README: a block between two markers, rewritten by a run of the whole suite. */
import type { Figure } from "./figure.ts";
import type { Machine } from "./machine.ts";
import { describe, table } from "./table.ts";

const BEGIN = "<!-- figures: written by `npm run bench -- --readme` -->";
const END = "<!-- end of figures -->";

export function rewrite(readme: string, figures: readonly Figure[], machine: Machine): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`README.md lacks the markers ${BEGIN} and ${END}`);
  const block = `${BEGIN}\n\nOn ${describe(machine)}:\n\n${table(figures)}\n\n`;
  return readme.slice(0, from) + block + readme.slice(to);
}
