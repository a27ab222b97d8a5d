/** An answer as the numbers of its sentence. */
import type { Format } from "../format/format.ts";
import type { QueryResponse } from "../../../schema/wire/query.ts";
import type { ExploreNumbers } from "./headline.ts";
import { isEachEvent, type Question } from "./question.ts";
import { calculationText, resultText } from "./words.ts";

type Key = QueryResponse["groups"][number]["key"];

interface Said {
  format: Format;
  over: string;
  empty: boolean;
  /** Of the first group. */
  name: string;
  href: (key: Key) => string | null;
}

/** A sentence has no room for a text of 256 characters. */
const MAX_NAME_CHARS = 60;

export function summaryOf(
  shown: { question: Question; answer: QueryResponse } | null,
  { format, over, empty, name, href }: Said,
): ExploreNumbers {
  const nothing: ExploreNumbers = {
    ...{ events: empty ? 0 : 1, matched: 0, scanned: 0, over, grouped: false, group_count: 0, top: null },
    ...{ calculation: "", is_count: true, value: null, descending: true, truncated_by: [] },
  };
  if (shown === null) return nothing;
  const { question, answer } = shown;
  const { order } = question;
  const by = order.by === "key" ? undefined : question.calculations[order.by];
  const first = answer.groups[0];
  const grouped = question.group_by.length > 0 && !isEachEvent(question);
  const calculation = by ?? question.calculations[0];
  const place = order.by === "key" ? 0 : order.by;
  const value = first?.values[place] ?? null;
  const text = calculation === undefined || value === null ? null : resultText(calculation, value, format);
  const is_count = calculation?.op === "count";
  const target = first === undefined ? null : href(first.key);
  return {
    events: answer.seq,
    matched: answer.matched,
    scanned: answer.scanned,
    over,
    grouped,
    group_count: answer.group_count,
    top:
      !grouped || by === undefined || text === null || target === null
        ? null
        : {
            name: name.length > MAX_NAME_CHARS ? `${name.slice(0, MAX_NAME_CHARS)}…` : name,
            href: target,
            value: text,
            is_count,
            share: is_count && answer.matched > 0 ? format.percent((value ?? 0) / answer.matched) : null,
          },
    calculation: calculation === undefined ? "" : calculationText(calculation),
    is_count,
    value: text,
    descending: order.descending,
    truncated_by: answer.truncated_by,
  };
}
