/** Text of a lesson as data among other text: one line, of a length, without what could end or dress up the quotation. */

const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]+/gu;

/** Marks that Markdown, HTML or a chat's own format would act on. */
const DRESSED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "<": "‹",
    ">": "›",
    "`": "'",
    "[": "(",
    "]": ")",
    "|": "¦",
    "#": "♯",
    "*": "∗",
    '"': "'",
  }),
);

/** Says that it was cut. */
const CUT = " …";

export function quoted(text: string, max_chars: number): string {
  const line = text.replace(UNSEEN, " ").replace(/\s+/g, " ").trim();
  const whole = [...line];
  const short = whole.length <= max_chars ? line : whole.slice(0, max_chars).join("") + CUT;
  return short.replace(/[<>`[\]|#*"]/g, (mark) => DRESSED.get(mark) ?? "");
}
