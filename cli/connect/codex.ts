/** Codex: a table of `config.toml`, between two marks, so that comments and order of the file stay. */
import { codexText } from "../../schema/wire/sender.ts";
import { putBlock, sameLines, splitBlock, takeBlock } from "./marked-block.ts";
import { Refusal, type Part } from "./part.ts";

const OTEL = String.raw`(?:otel|"otel"|'otel')\s*`;
const OTEL_TABLE = new RegExp(String.raw`^\s*\[\[?\s*${OTEL}[.\]]`);
const OTEL_KEY = new RegExp(String.raw`^\s*${OTEL}[.=]`);
const TABLE = /^\s*\[/;

export function codexPart(path: string): Part {
  return {
    path,
    secret: true,
    shown: codexText,
    same: sameLines,
    put(text, sender) {
      const { before, after } = splitBlock(text, path);
      refuseOtel(before, path, true);
      refuseOtel(after, path, false);
      return putBlock(text, codexText(sender), "codex", path);
    },
    take: (text) => takeBlock(text, path),
    address: addressIn,
  };
}

/** Empty where a person took the address out of our lines. */
function addressIn(text: string): string | null {
  const block = blockIn(text);
  return block === null ? null : (/^endpoint = "(.*)\/v1\/otlp\/v1\/logs"\r?$/m.exec(block)?.[1] ?? "");
}

function blockIn(text: string): string | null {
  try {
    return splitBlock(text, "").block;
  } catch {
    // Half a mark: `take` says what is wrong with it.
    return "";
  }
}

/** A table may stand once. Lines inside texts of several lines are not settings. */
function refuseOtel(text: string, path: string, from_top: boolean): void {
  let at_top = from_top;
  let quote: string | null = null;
  for (const line of text.split("\n")) {
    if (quote === null) {
      if (OTEL_TABLE.test(line) || (at_top && OTEL_KEY.test(line)))
        throw new Refusal(
          `${path} has a table [otel] already (${line.trim().slice(0, 80)}), and Codex sends its logs to one place. Nothing was changed. Take it out to send them here, or have your own collector pass them on.`,
        );
      if (TABLE.test(line)) at_top = false;
    }
    quote = quoteAfter(line, quote);
  }
  if (quote !== null)
    throw new Refusal(
      `${path} ends inside a text that begins with ${quote}. Nothing was changed. Mend the file, then run this again.`,
    );
}

/** Which quotes of several lines are open after `line`. */
function quoteAfter(line: string, open: string | null): string | null {
  let quote = open;
  let at = 0;
  for (;;) {
    if (quote !== null) {
      const end = line.indexOf(quote, at);
      if (end === -1) return quote;
      at = end + quote.length;
      quote = null;
    }
    const token = /"""|'''|"(?:[^"\\]|\\.)*"|'[^']*'|#/g;
    token.lastIndex = at;
    const found = token.exec(line);
    if (found === null || found[0] === "#") return null;
    at = token.lastIndex;
    if (found[0] === '"""' || found[0] === "'''") quote = found[0];
  }
}
