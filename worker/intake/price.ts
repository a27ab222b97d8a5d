/**
 * Prices a model call that came without a cost, from the price table bundled
 * with `@pydantic/genai-prices`; nothing is fetched. A reported cost is never
 * replaced and an unknown model never costs $0 (M2).
 */
import { calcPrice, type Provider, type Usage } from "@pydantic/genai-prices";
import type { Json, NewEvent } from "../../schema/event/event.ts";

/** The table that prices; raised with the package, and checked against it by a test. */
export const PRICE_VERSION = "genai-prices 0.1.8";

/** Resolved models kept: finding one costs more than pricing it, and names come from senders. */
const MAX_REMEMBERED_MODELS = 500;

export type Price = (event: NewEvent) => NewEvent;

/** Remembers which models it resolved: make one and keep it. */
export function createPrice(): Price {
  const remembered = new Map<string, Provider | null>();
  return (event) => {
    if (event.event_type !== "tokens_used") return event;
    const { metadata = {}, metrics = {} } = event;
    if (metrics.cost_usd !== undefined) {
      const cost_source = metadata.cost_source === "priced" ? "priced" : "reported";
      return { ...event, metadata: { ...metadata, cost_source } };
    }
    const { cost_source: _source, price_version: _version, ...described } = metadata;
    const cost_usd = costOf(described, metrics, new Date(event.timestamp), remembered);
    // A claim about a cost that is not there would count as known (M2).
    if (cost_usd === null) return { ...event, metadata: { ...described, cost_source: "unknown" } };
    return {
      ...event,
      metadata: { ...described, cost_source: "priced", price_version: PRICE_VERSION },
      metrics: { ...metrics, cost_usd },
    };
  };
}

/** US dollars at the list price of that day, or null where the table does not know. */
function costOf(
  metadata: { [key: string]: Json },
  metrics: { [key: string]: number },
  at: Date,
  remembered: Map<string, Provider | null>,
): number | null {
  const { model, provider } = metadata;
  const usage = usageOf(metrics);
  if (usage === null || typeof model !== "string") return null;
  const holder = holderOf(model, typeof provider === "string" ? provider : null, remembered);
  if (holder === null) return null;
  const price = calcPrice(usage, model, { provider: holder, timestamp: at });
  if (price === null) return null;
  // A model sold by the image or the second has no price per token, which is not a price of zero.
  const covered =
    (usage.input_tokens === 0 || price.model_price.input_mtok !== undefined) &&
    (usage.output_tokens === 0 || price.model_price.output_mtok !== undefined);
  return covered ? Number(price.total_price.toPrecision(COST_DIGITS)) : null;
}

/** Significant digits of a cost: enough for a millionth of a cent, and without the double's tail. */
const COST_DIGITS = 12;

interface TokenUsage extends Usage {
  input_tokens: number;
  output_tokens: number;
}

/** The library's input count includes the cached tokens, ours excludes them. Reasoning is part of the output in both. */
function usageOf(metrics: { [key: string]: number }): TokenUsage | null {
  const { input_tokens, cache_read_tokens, cache_write_tokens, output_tokens } = metrics;
  if ((input_tokens ?? cache_read_tokens ?? cache_write_tokens ?? output_tokens) === undefined) return null;
  const cache_read = cache_read_tokens ?? 0;
  const cache_write = cache_write_tokens ?? 0;
  return {
    input_tokens: (input_tokens ?? 0) + cache_read + cache_write,
    cache_read_tokens: cache_read,
    cache_write_tokens: cache_write,
    output_tokens: output_tokens ?? 0,
  };
}

/** Provider names of OpenTelemetry that the library spells otherwise. */
const PROVIDER_IDS: ReadonlyMap<string, string> = new Map([
  ["x_ai", "x-ai"],
  ["gcp.gen_ai", "google"],
]);

/**
 * The provider that sells the model, cut down to that one model. A provider that
 * was named but is unknown (a gateway, one's own machine) has no list price,
 * though another sells a model of that name.
 */
function holderOf(
  model: string,
  provider: string | null,
  remembered: Map<string, Provider | null>,
): Provider | null {
  const key = JSON.stringify([provider, model]);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const found = calcPrice(
    { input_tokens: 1, output_tokens: 1 },
    model,
    provider === null ? {} : { providerId: PROVIDER_IDS.get(provider) ?? provider },
  );
  const holder = found === null ? null : { ...found.provider, models: [found.model] };
  if (remembered.size >= MAX_REMEMBERED_MODELS) remembered.clear();
  remembered.set(key, holder);
  return holder;
}
