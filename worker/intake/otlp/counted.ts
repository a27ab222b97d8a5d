/**
 * Which of the spans that say they used tokens are counted (M1): the leaves.
 *
 *   invoke_agent 300 ┬ chat 100   ◀ counted
 *                    └ chat 200   ◀ counted; the 300 repeats them
 *
 * - A span above one that uses tokens is never counted, whatever it is.
 * - A call with nothing below is counted under its own id (the provider's, else `<trace>-<span>`).
 * - Of spans that are no calls (an agent, an unknown wrapper) the topmost counts, once for its trace,
 *   and only where no call of the trace used tokens; under the id `<trace>-usage`.
 *
 * Spans of one trace may come in several requests, and an adapter remembers nothing. A
 * span ends before the one around it, and SDKs send spans as they end, so what is below
 * has arrived before what is above. It therefore takes, by a `usage.counted` event, the ids that
 * those above would be counted under: `<trace>-<parent>` and `<trace>-usage`. What comes later
 * finds its id taken and is a duplicate.
 *
 * What is lost: of two runs in one trace without a call between them, one is counted. What is not covered: a
 * process that sends a run before another process sends the calls inside it, where no call of the run's own came first.
 */
import { aiSdkCounting } from "./ai-sdk.ts";
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
  const counts: Counts = { counted: [], reserved: [], repeated: [] };
  const called = new Set<string>();
  for (const [span, tokens] of using) {
    if (kindOf(span) !== "call" || above.has(span)) continue;
    counts.counted.push({ span, tokens, id: callId(span, context) });
    called.add(span.trace_id);
  }
  const runs = new Map<string, Span>();
  for (const span of using.keys()) {
    const is_counted_call = kindOf(span) === "call" && !above.has(span);
    if (is_counted_call) continue;
    const topmost = runs.get(span.trace_id);
    const counts_for_trace = !called.has(span.trace_id) && (topmost === undefined || isBefore(span, topmost));
    if (!counts_for_trace) counts.repeated.push(span);
    else {
      if (topmost !== undefined) counts.repeated.push(topmost);
      runs.set(span.trace_id, span);
    }
  }
  for (const [trace_id, span] of runs) {
    counts.counted.push({ span, tokens: using.get(span) ?? {}, id: `${trace_id}-usage` });
  }
  for (const { span } of counts.counted) {
    if (!called.has(span.trace_id)) continue;
    counts.reserved.push({ span, id: `${span.trace_id}-usage` });
    if (span.parent_id !== null && parentOf(span, index) === undefined) {
      counts.reserved.push({ span, id: keyOf(span.trace_id, span.parent_id) });
    }
  }
  return counts;
}

/** The one around another begins no later and ends no earlier. */
function isBefore(a: Span, b: Span): boolean {
  if (a.start_ms !== b.start_ms) return a.start_ms < b.start_ms;
  if (a.end_ms !== b.end_ms) return a.end_ms > b.end_ms;
  return a.span_id < b.span_id;
}

/** Shorter ones are counters of a local server, which count from one again. */
const MIN_PROVIDER_ID_CHARS = 16;

function callId(span: Span, context: IntakeContext): string {
  const given = wordOf("request_id", span.attributes);
  const own = keyOf(span.trace_id, span.span_id);
  return given !== undefined && given.length >= MIN_PROVIDER_ID_CHARS ? asId(given, context) : own;
}
