/**
 * Which of the spans that say they used tokens are counted (M1): the leaves.
 *
 *   invoke_agent 300 ┬ chat 100   ◀ counted
 *                    └ chat 200   ◀ counted; the 300 repeats them
 *
 * - A span above one that uses tokens is never counted, whatever it is.
 * - A call with nothing below is counted under its own id (the provider's, else `<trace>-<span>`).
 * - A sum (of an agent, or of an unknown wrapper) counts under `<trace>-<span>`, and only where its request shows
 *   below it a call that succeeded and says nothing of tokens, and none that does: then its sender tells them
 *   nowhere else.
 *
 * Spans of one trace may come in several requests, in any order, and an adapter remembers nothing.
 * A sum that comes without its calls is therefore never counted: they may be on their way. As a second lock, a
 * counted call whose parent is in another request takes, by a `usage.counted` event, the id that the parent would be
 * counted under: mostly it comes first, as spans end before what is around them, and then the parent is a duplicate.
 *
 * What is lost: tokens that only a run tells, where no call below it is in its request. What is not covered: two
 * instrumentations that wrap one call in each other, where the outer comes in an earlier request than
 * the inner; and a sender that leaves the tokens out of some calls of a run and not of others, likewise.
 */
import { aiSdkCounting } from "./ai-sdk.ts";
import { providerId } from "../../../schema/event/provider-id.ts";
import { asId } from "./told.ts";
import { wordOf } from "./attributes.ts";
import type { IntakeContext } from "../adapter.ts";
import { serviceOf } from "./scene.ts";
import { kindOf } from "./span-kind.ts";
import type { Span } from "./span.ts";
import { tokensOf, type Tokens } from "./usage.ts";

export interface Counted {
  span: Span;
  tokens: Tokens;
  id: string;
}

export interface Reserved {
  span: Span;
  id: string;
}

export interface Counts {
  counted: Counted[];
  reserved: Reserved[];
  /** Spans whose usage repeats what is counted elsewhere. */
  repeated: Span[];
}

export type SpanIndex = ReadonlyMap<string, Span>;

/** Programs whose logs tell each model call: what their spans say of it is the same once more. */
const TOLD_BY_LOGS = /^(?:claude-code|gemini-cli|codex[\w-]*)$/;

function isToldByLogs(span: Span): boolean {
  return TOLD_BY_LOGS.test(serviceOf(span));
}

const keyOf = (trace_id: string, span_id: string): string => `${trace_id}-${span_id}`;

export function indexSpans(spans: readonly Span[]): SpanIndex {
  return new Map(spans.map((span) => [keyOf(span.trace_id, span.span_id), span]));
}

/** From the parent up, as far as the request goes; a circle ends where it closes. */
export function* ancestorsOf(span: Span, index: SpanIndex): Generator<Span> {
  const seen = new Set([span]);
  let above = parentOf(span, index);
  while (above !== undefined && !seen.has(above)) {
    seen.add(above);
    yield above;
    above = parentOf(above, index);
  }
}

function parentOf(span: Span, index: SpanIndex): Span | undefined {
  return span.parent_id === null ? undefined : index.get(keyOf(span.trace_id, span.parent_id));
}

export function countUsage(spans: readonly Span[], index: SpanIndex, context: IntakeContext): Counts {
  const using = new Map<Span, Tokens>();
  for (const span of spans) {
    if (isToldByLogs(span)) continue;
    const tokens = tokensOf(span.attributes, aiSdkCounting(span.attributes));
    if (tokens !== null) using.set(span, tokens);
  }
  const above = new Set<Span>();
  for (const span of using.keys()) {
    for (const ancestor of ancestorsOf(span, index)) {
      // What is above this one was marked when somebody came by here before.
      if (above.has(ancestor)) break;
      above.add(ancestor);
    }
  }
  const over_silent = new Set<Span>();
  for (const span of spans) {
    if (kindOf(span) !== "call" || using.has(span) || span.failed) continue;
    if (span.attributes.has("error.type")) continue;
    for (const ancestor of ancestorsOf(span, index)) {
      if (over_silent.has(ancestor)) break;
      over_silent.add(ancestor);
    }
  }
  const counts: Counts = { counted: [], reserved: [], repeated: [] };
  for (const [span, tokens] of using) {
    const is_call = kindOf(span) === "call";
    if (above.has(span) || !(is_call || over_silent.has(span))) {
      counts.repeated.push(span);
      continue;
    }
    const own = keyOf(span.trace_id, span.span_id);
    counts.counted.push({ span, tokens, id: is_call ? callId(span, context) : own });
    if (span.parent_id !== null && parentOf(span, index) === undefined) {
      counts.reserved.push({ span, id: keyOf(span.trace_id, span.parent_id) });
    }
  }
  return counts;
}

function callId(span: Span, context: IntakeContext): string {
  const given = providerId(wordOf("request_id", span.attributes));
  return given === null ? keyOf(span.trace_id, span.span_id) : asId(given, context);
}
