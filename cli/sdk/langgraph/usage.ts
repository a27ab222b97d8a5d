/**
 * One model call, out of what LangChain says at its end (M1).
 *
 * One run of a model is one request, however many answers it gave: each of them repeats the usage of
 * all, so the largest counts, once. A stream's usage is merged by LangChain before the end.
 */
import { countOf, fieldsOf, listOf, textOf, type Fields } from "./foreign.ts";

export interface ModelCall {
  /** The provider's id of the response; null where it gave none. */
  response_id: string | null;
  metadata: { model?: string; provider?: string; finish_reason?: string; output_chars: number };
  metrics: Record<string, number>;
}

/** Counts of `usage_metadata`, whose input includes the cache; ours excludes it. */
function metricsOf(usage: Fields): Record<string, number> {
  const input = countOf(usage["input_tokens"]);
  const output = countOf(usage["output_tokens"]);
  const details = fieldsOf(usage["input_token_details"]);
  const read = countOf(details["cache_read"]);
  const write = countOf(details["cache_creation"]);
  const reasoning = countOf(fieldsOf(usage["output_token_details"])["reasoning"]);
  const cached = (read ?? 0) + (write ?? 0);
  // An input smaller than its cached part cannot include it: that provider counts them apart.
  const uncached = input === null ? null : input >= cached ? input - cached : input;
  const known = {
    input_tokens: uncached,
    cache_read_tokens: read,
    cache_write_tokens: write,
    output_tokens: output,
    reasoning_tokens: output === null || reasoning === null ? reasoning : Math.min(reasoning, output),
  };
  return Object.fromEntries(
    Object.entries(known).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}

/** Completion models and older chat models say it beside the answers. */
function legacyMetrics(llmOutput: unknown): Record<string, number> {
  const { tokenUsage } = fieldsOf(llmOutput);
  const { promptTokens, completionTokens } = fieldsOf(tokenUsage);
  return metricsOf({ input_tokens: promptTokens, output_tokens: completionTokens });
}

const total = (metrics: Record<string, number>): number =>
  Object.values(metrics).reduce((sum, count) => sum + count, 0);

export function modelCall(output: unknown, started: Fields): ModelCall {
  const { generations, llmOutput } = fieldsOf(output);
  const answers = listOf(generations).flatMap((one) => listOf(one).map(fieldsOf));
  const messages = answers.map(({ message }) => fieldsOf(message));
  const told = messages.map((message) => metricsOf(fieldsOf(message["usage_metadata"])));
  const [largest] = told.sort((a, b) => total(b) - total(a));
  const metrics = largest === undefined || total(largest) === 0 ? legacyMetrics(llmOutput) : largest;
  const first = messages[0] ?? {};
  const response = fieldsOf(first["response_metadata"]);
  const model =
    textOf(response["model_name"]) ?? textOf(response["model"]) ?? textOf(started["ls_model_name"]);
  const provider = textOf(response["model_provider"]) ?? textOf(started["ls_provider"]);
  const finish = textOf(response["finish_reason"]) ?? textOf(response["stop_reason"]);
  // LangChain makes up an id where there is none, and names its own so.
  const id = textOf(response["id"]) ?? textOf(first["id"]);
  return {
    response_id: id === null || /^(run-|lc_)/.test(id) ? null : id,
    metadata: {
      ...(model === null ? {} : { model }),
      ...(provider === null ? {} : { provider: provider.toLowerCase() }),
      ...(finish === null ? {} : { finish_reason: finish }),
      output_chars: answers.reduce((sum, { text }) => sum + (textOf(text)?.length ?? 0), 0),
    },
    metrics,
  };
}
