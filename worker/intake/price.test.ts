import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Json, NewEvent } from "../../schema/event/event.ts";
import { createPrice, PRICE_VERSION } from "./price.ts";

const price = createPrice();

function call(
  metadata: { [key: string]: Json },
  metrics: { [key: string]: number },
  timestamp = "2026-11-01T00:00:00.000Z",
): NewEvent {
  return {
    id: "e",
    timestamp,
    event_type: "tokens_used",
    agent_id: "a",
    metadata,
    metrics,
    source: "api",
    key_id: "k",
    v: 1,
  };
}
const costOf = (...parts: Parameters<typeof call>) => price(call(...parts)).metrics?.cost_usd;

describe("price", () => {
  // List prices per million tokens, from the providers' price pages.
  it.each([
    // $3 input, $0.30 cache read, $3.75 cache write, $15 output.
    [
      "claude-sonnet-4-5",
      { input_tokens: 1200, cache_read_tokens: 9000, cache_write_tokens: 500, output_tokens: 480 },
      0.015375,
    ],
    // $2.50 input, $1.25 cached, $10 output.
    [
      "gpt-4o",
      { input_tokens: 1000, cache_read_tokens: 2000, output_tokens: 500, reasoning_tokens: 400 },
      0.01,
    ],
    // $1.25 and $10 up to 200,000 tokens of input, $2.50 and $15 beyond.
    ["gemini-2.5-pro", { input_tokens: 100_000, output_tokens: 1000 }, 0.135],
    ["gemini-2.5-pro", { input_tokens: 250_000, output_tokens: 1000 }, 0.64],
    // $1 input, $5 output.
    ["claude-haiku-4-5-20251001", { input_tokens: 1_000_000, output_tokens: 100_000 }, 1.5],
  ])("[M1] knows the list price of %s, each token once", (model, metrics, cost_usd) => {
    expect(costOf({ model }, metrics)).toBeCloseTo(cost_usd, 9);
    // The second call takes the remembered model.
    expect(costOf({ model }, metrics)).toBeCloseTo(cost_usd, 9);
  });

  it("[M2] says that it priced, and by which table", () => {
    expect(price(call({ model: "gpt-4o" }, { output_tokens: 1000 }))).toEqual(
      call(
        { model: "gpt-4o", cost_source: "priced", price_version: PRICE_VERSION },
        { output_tokens: 1000, cost_usd: 0.01 },
      ),
    );
  });

  it("[M2] keeps a reported cost, also of zero and of an unknown model", () => {
    expect(price(call({ model: "gpt-4o" }, { output_tokens: 1000, cost_usd: 5 }))).toEqual(
      call({ model: "gpt-4o", cost_source: "reported" }, { output_tokens: 1000, cost_usd: 5 }),
    );
    expect(price(call({}, { cost_usd: 0 })).metadata).toEqual({ cost_source: "reported" });
    const exported = call({ cost_source: "priced", price_version: "genai-prices 0.1.0" }, { cost_usd: 1 });
    expect(price(exported)).toEqual(exported);
  });

  it.each([
    ["an unknown model", { model: "house-model-1" }, { input_tokens: 5 }],
    ["no model", {}, { input_tokens: 5 }],
    ["no tokens", { model: "gpt-4o" }, { duration_ms: 5 }],
    ["an unknown provider", { model: "claude-sonnet-4-5", provider: "my-gateway" }, { input_tokens: 5 }],
    ["a provider without the model", { model: "claude-sonnet-4-5", provider: "openai" }, { input_tokens: 5 }],
    ["a model sold by the hour", { model: "whisper-1", provider: "openai" }, { input_tokens: 5 }],
    ["a model of the name of a property", { model: "__proto__" }, { input_tokens: 5 }],
    ["a model that is no text", { model: ["gpt-4o"] }, { input_tokens: 5 }],
  ])("[M2] gives %s no cost, not even zero", (_, metadata, metrics) => {
    expect(price(call(metadata, metrics))).toEqual(call({ ...metadata, cost_source: "unknown" }, metrics));
  });

  it("[M2] takes away the claim of a cost that is not there", () => {
    const claim = { model: "house-model-1", cost_source: "reported", price_version: "x" };
    expect(price(call(claim, { input_tokens: 5 })).metadata).toEqual({
      model: "house-model-1",
      cost_source: "unknown",
    });
  });

  it("takes OpenTelemetry's names of providers", () => {
    const usage = { input_tokens: 1_000_000 };
    expect(costOf({ model: "claude-sonnet-4-5", provider: "anthropic" }, usage)).toBe(
      costOf({ model: "claude-sonnet-4-5" }, usage),
    );
    for (const [provider, model] of [
      ["aws.bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0"],
      ["gcp.gemini", "gemini-2.5-pro"],
      ["gcp.gen_ai", "gemini-2.5-pro"],
      ["azure.ai.openai", "gpt-4o"],
      ["x_ai", "grok-4"],
    ] as const) {
      expect(costOf({ model, provider }, usage), provider).toBeGreaterThan(0);
    }
  });

  it("leaves other events alone", () => {
    const other = { ...call({ model: "gpt-4o" }, { input_tokens: 5 }), event_type: "task_completed" };
    expect(price(other)).toBe(other);
  });

  it("survives more models than it remembers", () => {
    for (let index = 0; index < 1200; index++) costOf({ model: `house-${index}` }, { input_tokens: 1 });
    expect(costOf({ model: "gpt-4o" }, { output_tokens: 1000 })).toBe(0.01);
  });

  it("names the version of the table that is installed", () => {
    const file = new URL("../../node_modules/@pydantic/genai-prices/package.json", import.meta.url);
    const installed = JSON.parse(readFileSync(file.pathname, "utf8")) as { version: string };
    expect(PRICE_VERSION).toBe(`genai-prices ${installed.version}`);
  });
});
