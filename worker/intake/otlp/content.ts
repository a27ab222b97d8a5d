/**
 * Prompts and outputs. By default a text is kept as its hash and its length: enough
 * to see that two calls were asked the same, and how much. A project may keep them
 * (`IntakeSettings.content`); secrets are redacted from what is kept, as from everything.
 */
import type { Json } from "../../../schema/event/event.ts";
import type { IntakeContext } from "../adapter.ts";
import type { Attributes } from "./value.ts";

/** Attributes by what they hold. A name that ends in `.` is that of a list, written flat: `gen_ai.prompt.0.content`. */
const CONTENT = {
  prompt: [
    "gen_ai.input.messages",
    "gen_ai.prompt",
    "gen_ai.prompt.",
    "llm.input_messages.",
    "llm.prompts.",
    "ai.prompt.messages",
    "ai.prompt",
    "prompt",
    "traceloop.entity.input",
    "input.value",
    "request_text",
  ],
  output: [
    "gen_ai.output.messages",
    "gen_ai.completion",
    "gen_ai.completion.",
    "llm.output_messages.",
    "ai.response.text",
    "ai.response.object",
    "ai.response.toolCalls",
    "traceloop.entity.output",
    "output.value",
    "response_text",
  ],
  arguments: [
    "gen_ai.tool.call.arguments",
    "ai.toolCall.args",
    "tool_parameters",
    "tool_input",
    "function_args",
    "tool_arguments",
    "arguments",
    "tool.parameters",
    "traceloop.entity.input",
    "input.value",
  ],
  result: [
    "gen_ai.tool.call.result",
    "gen_ai.tool.message",
    "ai.toolCall.result",
    "tool_response",
    "traceloop.entity.output",
    "output.value",
    "output",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ContentKind = keyof typeof CONTENT;

/** What the attributes hold of each kind, as metadata. */
export function contentOf(
  attributes: Attributes,
  kinds: readonly ContentKind[],
  context: IntakeContext,
): Record<string, Json> {
  const metadata: Record<string, Json> = {};
  for (const kind of kinds) {
    const text = textOf(attributes, CONTENT[kind]);
    if (text !== null) metadata[kind] = keep(text, context);
  }
  return metadata;
}

/** The text itself where the project keeps content, else its hash and length. */
export function keep(text: string, { settings, sha256 }: IntakeContext): Json {
  if (settings.content) return text.toWellFormed();
  return { sha256: sha256(text), bytes: new TextEncoder().encode(text).length };
}

function textOf(attributes: Attributes, keys: readonly string[]): string | null {
  for (const key of keys) {
    const text = key.endsWith(".") ? flatList(attributes, key) : written(attributes.get(key));
    if (text !== null) return text;
  }
  return null;
}

function written(value: Json | undefined): string | null {
  if (value === undefined || value === null || value === "") return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function flatList(attributes: Attributes, prefix: string): string | null {
  const parts = [...attributes].filter(([key]) => key.startsWith(prefix));
  if (parts.length === 0) return null;
  // In the order of their names, so that the hash does not follow the order in which they came.
  parts.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(parts.map(([key, value]) => [key.slice(prefix.length), value]));
}
