/** What events of every kind of span take from it. */
import type { Json } from "../../../schema/event/event.ts";
import { wordOf } from "./attributes.ts";
import { keep } from "./content.ts";
import type { Span } from "./span.ts";
import type { Told } from "./told.ts";

/** Names the span in ids: two sends of one span give one event. */
export const spanKey = ({ trace_id, span_id }: Pick<Span, "trace_id" | "span_id">): string =>
  `${trace_id}-${span_id}`;

/** The AI SDK says `openai.responses`, which is the provider and its API. */
export function providerOf({ attributes }: Span): string | undefined {
  const provider = wordOf("provider", attributes);
  return attributes.has("ai.model.provider") ? provider?.split(".")[0] : provider?.toLowerCase();
}

/** A status quotes what went wrong, which is often what was said. */
export function messageOf(told: Told, span: Span): { message?: Json } {
  return span.message === "" ? {} : { message: keep(span.message, told.context) };
}
