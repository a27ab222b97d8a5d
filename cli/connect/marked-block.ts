/** Lines of ours in a file that takes comments with `#`, between two lines that say whose they are. */
import { Refusal } from "./part.ts";

const BEGIN = "# >>> clusterfork";
const END = "# <<< clusterfork";

export interface Split {
  before: string;
  /** The lines between the marks, or null where there are none. */
  block: string | null;
  after: string;
}

export function splitBlock(text: string, path: string): Split {
  const marks = [...text.matchAll(/^# (>>>|<<<) clusterfork.*(?:\r?\n|$)/gm)];
  if (marks.length === 0) return { before: text, block: null, after: "" };
  const [begin, end] = marks;
  if (marks.length !== 2 || begin?.[1] !== ">>>" || end?.[1] !== "<<<")
    throw new Refusal(
      `${path} has only some of the lines "${BEGIN}" and "${END}" around what was written there. Nothing was changed: take them out with what is between, then run this again.`,
    );
  return {
    before: text.slice(0, begin.index),
    block: text.slice(begin.index + begin[0].length, end.index),
    after: text.slice(end.index + end[0].length),
  };
}

/** In place where it stands, else at the end after an empty line. */
export function putBlock(text: string, lines: string, tool: string, path: string): string {
  const line_end = text.includes("\r\n") ? "\r\n" : "\n";
  const { before, block, after } = splitBlock(text, path);
  const ours = [
    `${BEGIN}: written by \`clusterfork connect ${tool}\`, taken out by the same with --undo`,
    ...lines.split("\n"),
    END,
    "",
  ].join(line_end);
  if (block !== null) return `${before}${ours}${after}`;
  if (before.trim() === "") return `${before}${ours}`;
  return `${before}${/\n$/.test(before) ? "" : line_end}${line_end}${ours}`;
}

export function takeBlock(text: string, path: string): string {
  const { before, block, after } = splitBlock(text, path);
  if (block === null) return text;
  // The empty line that came with it goes with it.
  return `${before.replace(/(^|\n)\r?\n$/, "$1")}${after}`;
}

/** Apart from line ends at the end. */
export function sameLines(one: string, other: string): boolean {
  return one.trimEnd() === other.trimEnd();
}
