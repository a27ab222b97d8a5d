/** What intake takes for granted of the runtime, checked in workerd itself. */
import { describe, expect, it } from "vitest";
import { readBody } from "../../worker/intake/body.ts";
import { createSha256Hex, pseudonymWith, sha256Hex } from "../../worker/intake/hash.ts";
import { prepare } from "../../worker/intake/native.ts";
import { createPrice } from "../../worker/intake/price.ts";

const HEADERS = { "content-type": "application/json" };
const options = {
  source: "api",
  key_id: "k1",
  now_ms: Date.UTC(2026, 10, 22),
  sha256: createSha256Hex(),
  pseudonym: pseudonymWith("a secret of at least thirty-two characters"),
  price: createPrice(),
};
const base = { timestamp: "2026-11-22T14:23:15.120Z", event_type: "tokens_used", agent_id: "coder-a" };

function post(body: BodyInit, headers: Record<string, string> = HEADERS) {
  return readBody(new Request("http://localhost/v1/events", { method: "POST", body, headers }));
}
async function gzip(chunks: Iterable<Uint8Array>) {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return new Response(source.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}
const GZIP = { ...HEADERS, "content-encoding": "gzip" };

describe("intake in workerd", () => {
  it("reads gzip, and stops a bomb", async () => {
    const honest = await gzip([new TextEncoder().encode(JSON.stringify(base))]);
    expect(await post(honest, GZIP)).toMatchObject({ ok: true, events: [{ value: base }] });
    const zeros = new Uint8Array(1024 * 1024);
    const bomb = await gzip(Array.from({ length: 64 }, () => zeros));
    expect(bomb.byteLength).toBeLessThan(128 * 1024);
    expect(await post(bomb, GZIP)).toMatchObject({ ok: false, failure: { code: "too_large" } });
    expect(await post("no gzip", GZIP)).toMatchObject({ ok: false, failure: { code: "malformed" } });
  });

  it("[L3] stands half a million levels of nesting", async () => {
    const deep = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;
    const body = `[${JSON.stringify({ ...base, id: "a" })},${deep}]`;
    const read = await post(body);
    if (!read.ok) throw new Error(read.failure.message);
    const batch = prepare(read.events, options);
    expect(batch.prepared.map(({ id }) => id)).toEqual(["a"]);
    expect(batch.results).toEqual([expect.objectContaining({ index: 1, code: "too_deep" })]);
  });

  it("refuses what is not UTF-8, and stops counting at 1 MiB", async () => {
    expect(await post(new Uint8Array([0x22, 0xff, 0x22]))).toMatchObject({ failure: { code: "malformed" } });
    expect(await post(new Uint8Array(1024 * 1024 + 1))).toMatchObject({ failure: { code: "too_large" } });
  });

  it("[L2] hashes a body alike, whichever way is faster for its length", () => {
    for (const text of ["", "é".repeat(300), "x".repeat(576), "x".repeat(577), "é".repeat(400)]) {
      expect(options.sha256(text)).toBe(sha256Hex(text));
    }
  });

  it("checks, prices and hashes without evaluating code", async () => {
    const used = { ...base, id: "e", metadata: { model: "gpt-4o" }, metrics: { output_tokens: 1000 } };
    const { prepared, results } = prepare([{ ok: true, value: used }], options);
    expect(results).toEqual([]);
    expect(JSON.parse(prepared[0]?.json ?? "")).toMatchObject({ metrics: { cost_usd: 0.01 } });
    expect(prepared[0]?.body_hash).toMatch(/^[0-9a-f]{32}$/);
    const wrong = { ...base, event_type: "task_progress", metadata: { progress: 45 } };
    expect(prepare([{ ok: true, value: wrong }], options).results[0]?.message).toContain("percent");
  });
});
