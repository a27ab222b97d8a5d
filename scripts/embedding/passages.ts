/** What is worth reading in a package's documentation: prose, and no code. */

/** Fewer words say nothing of what stands beside what; longer ones are tables and data. */
export const MIN_PASSAGE_WORDS = 4;
export const MAX_PASSAGE_WORDS = 400;

const FENCE = /^[ \t]*(```|~~~)[^\n]*\n[\s\S]*?(?:^[ \t]*\1[^\n]*$|$(?![\s\S]))/gm;
const LINKS = /\]\([^)]*\)|https?:\/\/\S+|<[^>\n]{1,200}>|&[a-z]+;/g;

/** Lines that begin something of their own: items of lists, headings, rows of tables. */
const BEGINS = /^\s*(?:[-*+]|\d+[.)]|#{1,6}|\|)\s+/;

function prose(text: string): string {
  return text.replace(LINKS, " ").replace(/[`*_|]+/g, (marks) => (marks === "_" ? "_" : " "));
}

/** Paragraphs and items of a Markdown file; a heading stands with what follows it. */
export function readMarkdown(text: string): string[] {
  const passages: string[] = [];
  let open: string[] = [];
  const close = () => {
    if (open.length > 0) passages.push(prose(open.join(" ")));
    open = [];
  };
  for (const line of text
    .replace(FENCE, "\n")
    .replace(/^---\n[\s\S]*?\n---\n/, "")
    .split("\n")) {
    const is_heading = /^#{1,6}\s/.test(line);
    if (line.trim() === "") {
      // A heading waits for its paragraph.
      if (!open[0]?.startsWith("#")) close();
      continue;
    }
    if (BEGINS.test(line)) close();
    open.push(is_heading ? line : line.replace(BEGINS, ""));
  }
  close();
  return passages;
}

/** JSDoc blocks of a declaration file, without examples and types. */
export function readDeclarations(text: string): string[] {
  return [...text.matchAll(/\/\*\*([\s\S]*?)\*\//g)].map(([, block]) =>
    prose(
      (block ?? "")
        .replace(/^[ \t]*\*[ \t]?/gm, "")
        .replace(FENCE, "\n")
        .replace(/@example[\s\S]*?(?=\n@|$)/g, " ")
        .replace(/\{@\w+\s+([^}|]*)[^}]*\}/g, "$1")
        .replace(/@(?:param|template|property|prop)\s+(?:\{[^}]*\}\s*)?/g, " ")
        .replace(/@\w+/g, " "),
    ),
  );
}
