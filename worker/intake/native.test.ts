import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical.ts";
import { BodyHash } from "./body-hash.ts";
import { readBody } from "./body.ts";
import { pseudonymWith, sha256Hex } from "./hash.ts";
import { prepare, type PrepareOptions } from "./native.ts";
import { createPrice } from "./price.ts";
import { mintUuid } from "./uuid.ts";

const base = { timestamp: "2026-11-22T14:23:15.120Z", event_type: "task_started", agent_id: "coder-a" };
const options: PrepareOptions = {
  source: "api",
  key_id: "k1",
  now_ms: Date.UTC(2026, 10, 22),
  sha256: sha256Hex,
  pseudonym: pseudonymWith("a secret of at least thirty-two characters"),
  price: createPrice(),
};
const raw = (...values: unknown[]) => values.map((value) => ({ ok: true, value }) as const);
function one(value: unknown, part: Partial<PrepareOptions> = {}) {
  const batch = prepare(raw(value), { ...options, ...part });
  const [prepared] = batch.prepared;
  if (prepared === undefined) throw new Error(JSON.stringify(batch.results));
  return prepared;
}

describe("prepare", () => {
  it("makes what the room stores", () => {
    const prepared = one({ ...base, id: "e1" });
    expect(prepared).toEqual({
      index: 0,
      id: "e1",
      body_hash: new BodyHash().of({ ...base, id: "e1" }),
      json: JSON.stringify({ id: "e1", ...base, source: "api", key_id: "k1", v: 2 }),
    });
  });

  it("[L2] gives the hash of before for a body, by its place among what was prepared", () => {
    const batch = prepare(raw({ ...base, type: "oops" }, { ...base, id: "e1" }), options);
    expect(batch.older_hash(0)).toBe(
      sha256Hex(
        `{"agent_id":"coder-a","event_type":"task_started","id":"e1","timestamp":"2026-11-22T14:23:15.120Z"}`,
      ),
    );
    expect(() => batch.older_hash(1)).toThrow();
  });

  it("[L3] leaves 999 of 1,000 when one is bad, and says which", () => {
    const values: unknown[] = Array.from({ length: 1000 }, (_, index) => ({ ...base, id: `e${index}` }));
    values[417] = { ...base, id: "e417", type: "oops" };
    const batch = prepare(raw(...values), options);
    expect(batch.prepared).toHaveLength(999);
    expect(batch.prepared.map(({ index }) => index)).not.toContain(417);
    expect(batch.results).toEqual([
      {
        index: 417,
        id: "e417",
        status: "rejected",
        code: "unknown_field",
        message: expect.stringContaining("event_type"),
      },
    ]);
  });

  it("[L3] leaves the others when one is half a million levels deep", async () => {
    const deep = `${'{"a":'.repeat(150_000)}1${"}".repeat(150_000)}`;
    const text = `[${JSON.stringify({ ...base, id: "a" })},${JSON.stringify({ ...base, id: "b" }).slice(0, -1)},"metadata":${deep}}]`;
    const read = await readBody(
      new Request("http://localhost", {
        method: "POST",
        body: text,
        headers: { "content-type": "application/json" },
      }),
    );
    if (!read.ok) throw new Error(read.failure.message);
    const batch = prepare(read.events, options);
    expect(batch.prepared.map(({ id }) => id)).toEqual(["a"]);
    expect(batch.results).toEqual([expect.objectContaining({ index: 1, id: "b", code: "too_deep" })]);
  });

  it("[L3] passes the rejection of a line on, in its place", () => {
    const bad = { ok: false, id: null, code: "malformed_json", message: "Line 2: …" } as const;
    const batch = prepare([...raw(base), bad, ...raw(base)], options);
    expect(batch.prepared.map(({ index }) => index)).toEqual([0, 2]);
    expect(batch.results).toEqual([
      { index: 1, id: null, status: "rejected", code: "malformed_json", message: "Line 2: …" },
    ]);
  });

  it("refuses an event beyond 64 KiB, measured in bytes of compact JSON", () => {
    const list = (count: number) => ({
      ...base,
      id: "e",
      metadata: { list: Array.from({ length: count }, () => "ü".repeat(100)) },
    });
    // 203 bytes an item; well below the limit in characters.
    expect(prepare(raw(list(310)), options).results).toEqual([]);
    expect(prepare(raw(list(330)), options).results).toEqual([
      expect.objectContaining({ id: "e", code: "too_large" }),
    ]);
    expect(prepare(raw(list(700)), options).results).toEqual([
      expect.objectContaining({ code: "too_large" }),
    ]);
  });

  it("mints a UUIDv7 of its own for each event without an id", () => {
    const { prepared } = prepare(raw(base, base), options);
    const ids = prepared.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(mintUuid(options.now_ms).replace("-", "").slice(0, 12), 16)).toBe(options.now_ms);
  });

  it("[L2] hashes the body before pricing and redaction", () => {
    const used = {
      ...base,
      id: "e",
      event_type: "tokens_used",
      metadata: { model: "gpt-4o", password: "hunter22" },
      metrics: { output_tokens: 9 },
    };
    const priced = one(used);
    const unpriced = one(used, { price: (event) => event, pseudonym: () => "other" });
    expect(priced.json).toContain("cost_usd");
    expect(priced.json).not.toContain("hunter22");
    expect(priced.body_hash).toBe(unpriced.body_hash);
    expect(priced.body_hash).not.toBe(one({ ...used, metrics: { output_tokens: 8 } }).body_hash);
  });

  it("[T5] speaks as Clusterfork only when told to", () => {
    const own = { ...base, agent_id: "clusterfork:analyst", event_type: "forecast_made" };
    expect(prepare(raw(own), options).results).toEqual([expect.objectContaining({ code: "reserved" })]);
    expect(prepare(raw(own), { ...options, internal: true }).prepared).toHaveLength(1);
  });

  it("[P1] gives equal secrets in ids equal pseudonyms, which depend on the key", () => {
    const leaked = { ...base, task_id: `ghp_${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}` };
    const task = (part: Partial<PrepareOptions> = {}) =>
      (JSON.parse(one(leaked, part).json) as { task_id: string }).task_id;
    expect(task()).toMatch(/^\[redacted:[a-z-]+:[0-9a-f]{16}\]$/);
    expect(task()).toBe(task());
    expect(task({ pseudonym: pseudonymWith("another secret of thirty-two characters") })).not.toBe(task());
  });
});

describe("canonical JSON", () => {
  const shuffled = fc
    .dictionary(fc.string(), fc.jsonValue())
    .chain((object) =>
      fc
        .shuffledSubarray(Object.entries(object), { minLength: Object.keys(object).length })
        .map((entries): [object, object] => [object, Object.fromEntries(entries)]),
    );

  it("[L2] does not depend on the order of keys", () => {
    fc.assert(
      fc.property(shuffled, ([a, b]) => {
        expect(canonicalJson(b)).toBe(canonicalJson(a));
      }),
    );
    expect(canonicalJson({ b: { d: 1, c: 2 }, a: [{ f: 1, e: 2 }] })).toBe(
      `{"a":[{"e":2,"f":1}],"b":{"c":2,"d":1}}`,
    );
  });

  it("says the same as JSON, and different things differently", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(canonicalJson({ a: undefined, b: [undefined] })).toBe(`{"b":[null]}`);
    expect(canonicalJson(['"', "\\", "\n", "ü", "\ud800"])).toBe(`["\\"","\\\\","\\n","ü","\\ud800"]`);
  });
});
