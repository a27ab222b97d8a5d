import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_DEPTH, MAX_EVENT_BYTES, MAX_ID_CHARS, MAX_METRICS, MAX_REF_CHARS } from "./limits.ts";
import { nearestField, nearestType, typos } from "./nearest.ts";
import { parseEvent } from "./parse.ts";

const base = {
  id: "e1",
  timestamp: "2026-11-22T14:23:15.120Z",
  event_type: "task_started",
  agent_id: "coder-a",
};

function accept(raw: unknown, internal = false) {
  const parsed = parseEvent(raw, { internal });
  if (!parsed.ok) throw new Error(`${parsed.code}: ${parsed.message}`);
  return parsed.event;
}
function refuse(raw: unknown, internal = false) {
  const parsed = parseEvent(raw, { internal });
  if (parsed.ok) throw new Error(`accepted ${JSON.stringify(parsed.event)}`);
  return parsed;
}
function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = { deeper: value };
  return value;
}

describe("what is accepted", () => {
  it("takes the event of the documentation", () => {
    const event = {
      ...base,
      event_type: "tokens_used",
      agent_role: "coder",
      task_id: "TASK-001",
      feature_id: "add-auth",
      session_id: "s",
      metadata: { model: "claude-sonnet-5" },
      metrics: {
        input_tokens: 1200,
        cache_read_tokens: 9000,
        cache_write_tokens: 0,
        output_tokens: 480,
        cost_usd: 0.011,
        duration_ms: 3200,
      },
    };
    expect(accept(event)).toEqual(event);
  });

  it("takes null for absent, in the envelope, in known metadata and in metrics", () => {
    const event = accept({
      ...base,
      id: null,
      task_id: null,
      metadata: { branch: null, note: null },
      metrics: { a: null, b: 1 },
    });
    expect(event).toEqual({ ...base, id: null, metadata: { note: null }, metrics: { b: 1 } });
    expect(accept({ ...base, metadata: null, metrics: null })).toEqual(base);
  });

  it("takes the comments of a review as one text or as many", () => {
    for (const comments of ["inject, no globals", ["inject", "no globals"]])
      expect(
        accept({ ...base, event_type: "reviewer_changes_requested", metadata: { comments } }),
      ).toMatchObject({
        metadata: { comments },
      });
  });

  it("takes any unknown type, also one a typo away from a known one, or named like a property", () => {
    for (const event_type of [
      "deploy.started",
      "node_executed",
      "task_stared",
      "constructor",
      "a",
      "x".repeat(64),
    ]) {
      expect(accept({ ...base, event_type }).event_type).toBe(event_type);
    }
    expect(nearestType("task_stared")).toBe("task_started");
    expect(nearestType("deploy.started")).toBeNull();
  });

  it("keeps unknown metadata of a known type", () => {
    expect(
      accept({ ...base, metadata: { constructor: { prototype: 1 }, mine: [1, { a: null }] } }).metadata,
    ).toEqual({
      constructor: { prototype: 1 },
      mine: [1, { a: null }],
    });
  });

  it("makes text well-formed", () => {
    const event = accept({ ...base, metadata: { note: "a\ud800b", "k\udc00": [`\ud83d\ude00`] } });
    expect(event.metadata).toEqual({ note: "a\ufffdb", "k\ufffd": ["\u{1f600}"] });
  });

  it("takes exactly the allowed depth", () => {
    // The event is level 1 and metadata level 2.
    expect(parseEvent({ ...base, metadata: nested(MAX_DEPTH - 1) }).ok).toBe(true);
    expect(refuse({ ...base, metadata: nested(MAX_DEPTH) }).code).toBe("too_deep");
  });

  it("copies: the sender's object is neither kept nor changed", () => {
    const raw = { ...base, metadata: { list: [1], branch: null } };
    const event = accept(raw);
    expect(event.metadata?.list).not.toBe(raw.metadata.list);
    expect(raw.metadata).toEqual({ list: [1], branch: null });
  });
});

describe("what is refused", () => {
  it.each([
    [null, /null/],
    [[base], /an array/],
    ["text", /a string/],
    [1, /a number/],
    [undefined, /a undefined/],
    [new Date(), /not plain data/],
  ])("%s is no event", (raw, message) => {
    expect(refuse(raw)).toMatchObject({
      id: null,
      code: "not_an_object",
      message: expect.stringMatching(message),
    });
  });

  it.each(["timestamp", "event_type", "agent_id"])("an event without %s", (field) => {
    const result = refuse({ ...base, [field]: undefined });
    expect(result).toMatchObject({
      id: "e1",
      code: "missing_field",
      message: expect.stringContaining(field),
    });
    expect(refuse({ ...base, [field]: null }).code).toBe("missing_field");
  });

  it.each([
    ["type", "event_type"],
    ["eventType", "event_type"],
    ["agent", "agent_id"],
    ["agnet_id", "agent_id"],
    ["task", "task_id"],
    ["taskId", "task_id"],
    ["task-id", "task_id"],
    ["ts", "timestamp"],
    ["time", "timestamp"],
    ["timestmap", "timestamp"],
    ["event_id", "id"],
    ["sessionId", "session_id"],
    ["epic", "feature_id"],
    ["data", "metadata"],
    ["usage", "metrics"],
  ])("an unknown field %s, with %s as a hint", (field, hint) => {
    expect(nearestField(field)).toBe(hint);
    const result = refuse({ ...base, [field]: "x" });
    expect(result).toMatchObject({
      id: "e1",
      code: "unknown_field",
      message: expect.stringContaining(`did you mean "${hint}"?`),
    });
  });

  it("an unknown field that resembles none, with the place where it belongs", () => {
    expect(refuse({ ...base, zzz: 1 }).message).toBe(
      `Unknown field "zzz". Put it into "metadata", or numbers into "metrics".`,
    );
    expect(refuse({ ...base, seq: 1 }).message).toMatch(/set by Clusterfork/);
    expect(refuse({ ...base, project_id: "p" }).message).toMatch(/API key/);
  });

  it("`__proto__` anywhere, and pollutes nothing", () => {
    const text = JSON.stringify(base);
    const inside = (part: string) => JSON.parse(`${text.slice(0, -1)},${part}}`) as unknown;
    expect(refuse(inside(`"__proto__":{"polluted":1}`)).code).toBe("unknown_field");
    expect(refuse(inside(`"metadata":{"__proto__":{"polluted":1}}`))).toMatchObject({
      code: "invalid_metadata",
      message: expect.stringContaining("__proto__"),
    });
    expect(refuse(inside(`"metadata":{"a":[{"__proto__":1}]}`)).message).toMatch(
      /^metadata\.a\[0\] has a key "__proto__"/,
    );
    expect(refuse(inside(`"metrics":{"__proto__":1}`)).code).toBe("invalid_metrics");
    expect(accept(inside(`"metadata":{"constructor":{"prototype":{"polluted":1}}}`)).metadata).toBeDefined();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each([
    ["id", "x".repeat(MAX_ID_CHARS + 1), /longer|more than 128/],
    ["id", "", /empty/],
    ["id", 7, /must be a string/],
    ["agent_id", "x".repeat(MAX_REF_CHARS + 1), /more than 256/],
    ["task_id", "half \ud83d", /surrogate/],
    ["feature_id", "a\nb", /control character/],
    ["session_id", "a\u0000b", /control character/],
    ["agent_role", {}, /must be a string/],
    ["event_type", "TaskStarted", /lower_snake/],
    ["event_type", "x".repeat(65), /lower_snake/],
    ["event_type", "a..b", /lower_snake/],
    ["event_type", "", /lower_snake/],
    ["event_type", 5, /type number/],
  ])("a bad %s", (field, value, message) => {
    expect(refuse({ ...base, [field]: value })).toMatchObject({
      code: "invalid_field",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [{ a: NaN }, /metadata\.a is NaN/],
    [{ a: [1, { b: Infinity }] }, /metadata\.a\[1\]\.b is Infinity/],
    [{ a: 1n }, /bigint/],
    [{ a: () => 1 }, /function/],
    [{ a: new Map() }, /plain object/],
    [[], /must be an object/],
    ["text", /must be an object/],
    [Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`k${index}`, 1])), /257 keys/],
    [{ ["k".repeat(129)]: 1 }, /longer than 128/],
  ])("bad metadata", (metadata, message) => {
    expect(refuse({ ...base, metadata })).toMatchObject({
      code: "invalid_metadata",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    [{ a: NaN }, /only finite/],
    [{ a: -Infinity }, /only finite/],
    [{ a: "1" }, /must be a number/],
    [{ a: 1e16 }, /unit/],
    [[1], /must be an object/],
    [Object.fromEntries(Array.from({ length: MAX_METRICS + 1 }, (_, index) => [`k${index}`, 1])), /65 keys/],
  ])("bad metrics", (metrics, message) => {
    expect(refuse({ ...base, metrics })).toMatchObject({
      code: "invalid_metrics",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ["task_progress", { progress: 45 }, /^metadata\.progress: .*percent/],
    ["task_created", { priority: "high" }, /^metadata\.priority: .*number/],
    ["task_created", { dependencies: ["a", 1] }, /^metadata\.dependencies\[1\]/],
    ["task_created", { dependencies: "TASK-000" }, /^metadata\.dependencies/],
    ["file_locked", { reason: "?" }, /^metadata\.path is missing/],
    ["file_locked", { path: null }, /^metadata\.path is missing/],
    ["tokens_used", { cost_source: "guessed" }, /^metadata\.cost_source/],
  ])("metadata of %s that its schema does not know: %j", (event_type, metadata, message) => {
    expect(refuse({ ...base, event_type, metadata })).toMatchObject({
      code: "invalid_metadata",
      message: expect.stringMatching(message),
    });
  });

  it("metrics of a known type that its schema does not know", () => {
    const used = { ...base, event_type: "tokens_used" };
    expect(refuse({ ...used, metrics: { input_tokens: -1 } }).message).toMatch(/^metrics\.input_tokens/);
    expect(refuse({ ...used, metrics: { input_tokens: 1.5 } }).message).toMatch(/^metrics\.input_tokens/);
    expect(refuse({ ...used, metrics: { cost_usd: -0.1 } }).code).toBe("invalid_metrics");
  });

  it("a 2 MB string, in metadata, in a key and in an id", () => {
    const huge = "x".repeat(2 * 1024 * 1024);
    expect(refuse({ ...base, metadata: { huge } })).toMatchObject({
      code: "too_large",
      message: expect.stringMatching(/^metadata\.huge/),
    });
    expect(refuse({ ...base, metadata: { [huge]: 1 } }).code).toBe("too_large");
    expect(refuse({ ...base, agent_id: huge }).code).toBe("invalid_field");
    expect(refuse({ ...base, [huge]: 1 }).message.length).toBeLessThan(200);
    expect(refuse({ ...base, id: huge }).id).toHaveLength(MAX_ID_CHARS);
    expect(refuse({ ...base, metadata: { list: new Array<number>(MAX_EVENT_BYTES + 1).fill(0) } }).code).toBe(
      "too_large",
    );
  });

  it("a million levels, without a stack overflow", () => {
    expect(refuse(JSON.parse("[".repeat(1e6) + "]".repeat(1e6))).code).toBe("too_deep");
    expect(refuse({ ...base, metadata: nested(1e6) }).code).toBe("too_deep");
    expect(refuse(nested(1e6)).code).toBe("unknown_field");
  });

  it("an object that refers to itself", () => {
    const cycle: Record<string, unknown> = {};
    cycle.a = cycle;
    cycle[""] = cycle;
    expect(["too_deep", "too_large"]).toContain(refuse({ ...base, metadata: cycle }).code);
    const list: unknown[] = [];
    list.push(list, list);
    expect(refuse(list).code).toBe("too_deep");
  });
});

describe("[T5] a sender cannot speak as Clusterfork", () => {
  it.each([
    { event_type: "budget_set" },
    { event_type: "model_assigned" },
    { event_type: "clusterfork.alert_raised" },
    { agent_id: "clusterfork:analyst" },
    { agent_id: " Clusterfork:Analyst" },
    { agent_id: "\u200bclusterfork:analyst" },
    { agent_id: "\uff43lusterfork\uff1aanalyst" },
    // The name alone; a variation selector, a grapheme joiner and a filler; a Cyrillic letter; a colon's double.
    { agent_id: "Clusterfork" },
    { agent_id: "clu\ufe0fsterfork:analyst" },
    { agent_id: "clu\u034fsterfork:analyst" },
    { agent_id: "\u3164clusterfork:analyst" },
    { agent_id: "\u0441lusterf\u043erk:analyst" },
    { agent_id: "clusterfork\ua789analyst" },
    { agent_id: "clusterfork : analyst" },
    { id: "clusterfork:alert:1" },
  ])("%j is reserved for a sender and open to Clusterfork itself", (part) => {
    expect(refuse({ ...base, ...part }).code).toBe("reserved");
    expect(accept({ ...base, ...part }, true)).toMatchObject(part);
  });
});

describe("[P1] an answer quotes no secret", () => {
  const secret = `ghp_${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}`;
  it.each([
    ["id, missing field", { id: secret }],
    ["id, too long", { ...base, id: secret + "y".repeat(200) }],
    ["id, cut by the limit", { ...base, id: `${"y".repeat(100)} ${secret}`, agent_id: "" }],
    ["event_type", { ...base, event_type: secret }],
    ["name of a field", { ...base, [secret]: 1 }],
    ["name of a long field", { ...base, [`${"field ".repeat(5)}${secret}`]: 1 }],
    ["name of metadata", { ...base, metadata: { [secret]: { ["k".repeat(200)]: 1 } } }],
    ["name of a metric", { ...base, metrics: { [secret]: "x" } }],
  ])("%s", (_, raw) => {
    const answer = JSON.stringify(parseEvent(raw));
    expect(answer).toContain("[redacted:");
    expect(answer).not.toContain(secret.slice(4, 16));
  });
});

describe("totality", () => {
  it("answers anything with a value, and never keeps what JSON cannot say", () => {
    const anything = fc.anything({
      withNullPrototype: true,
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSparseArray: true,
    });
    const field = fc.constantFrom(
      "id",
      "timestamp",
      "event_type",
      "agent_id",
      "task_id",
      "metadata",
      "metrics",
      "other",
    );
    const odd = fc.dictionary(field, anything).map((parts) => ({ ...base, ...parts }));
    fc.assert(
      fc.property(fc.oneof(anything, odd), (raw) => {
        const parsed = parseEvent(raw);
        if (parsed.ok) expect(JSON.parse(JSON.stringify(parsed.event))).toEqual(parsed.event);
        else expect(parsed.message).toMatch(/\S/);
      }),
      { numRuns: 2_000 },
    );
  });

  it("answers an object that throws when it is read", () => {
    const trap = Object.defineProperty({ ...base }, "task_id", {
      enumerable: true,
      get: () => {
        throw new Error("trap");
      },
    });
    expect(refuse(trap).code).toBe("invalid_field");
  });

  it("accepts every JSON object as metadata of an unknown type, within the limits", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 20 }), fc.jsonValue({ maxDepth: 5 })), (metadata) => {
        if (JSON.stringify(metadata).includes("__proto__")) return;
        expect(accept({ ...base, event_type: "mine.own", metadata }).metadata).toEqual(metadata);
      }),
    );
  });
});

describe("typos", () => {
  it.each([
    ["", "", 0],
    ["abc", "abc", 0],
    ["abc", "acb", 1],
    ["abc", "ab", 1],
    ["abc", "abcd", 1],
    ["abc", "axc", 1],
    ["ca", "abc", 3],
    ["", "abc", 3],
  ])("%s and %s are %i apart", (a, b, distance) => {
    expect(typos(a, b)).toBe(distance);
    expect(typos(b, a)).toBe(distance);
  });
});
