/**
 * What every adapter of a foreign format has to be, whatever it reads. A format joins
 * by a line in worker/intake/adapters.ts and its samples in test/sample/intake.ts.
 */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MAX_ID_CHARS } from "../../schema/event/limits.ts";
import { normalise } from "../../schema/event/normalise.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { strict } from "../../schema/state/testing.ts";
import { DEFAULT_INTAKE } from "../../schema/wire/intake.ts";
import type { Adapted, IntakeContext } from "../../worker/intake/adapter.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { ADAPTERS, type AdapterName } from "../../worker/intake/adapters.ts";
import { CANARY, SAMPLES } from "../sample/intake.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const NOW_MS = Date.UTC(2026, 10, 22, 12);
const context: IntakeContext = { now_ms: NOW_MS, settings: DEFAULT_INTAKE, sha256 };
const keeping: IntakeContext = { ...context, settings: { ...DEFAULT_INTAKE, content: true } };

const normaliser = {
  source: "otlp",
  key_id: "k1",
  internal: false,
  mintId: () => "minted",
  sha256Hex: sha256,
  pseudonym: () => "pseudonym",
};

const TOKENS = [
  "input_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "output_tokens",
  "reasoning_tokens",
];

function tokensOf(events: readonly OutgoingEvent[]): number[] {
  const calls = events.filter((event) => event.event_type === "tokens_used");
  return TOKENS.map((name) => calls.reduce((sum, { metrics }) => sum + (metrics?.[name] ?? 0), 0));
}

/** What is known after all events: by the time of each, as they reach the room in one append. */
function folded(events: readonly OutgoingEvent[]): unknown {
  const state = createState();
  events.forEach((event, index) => {
    const stored = {
      ...event,
      source: "otlp",
      key_id: "k1",
      v: 1,
      seq: index + 1,
      received_at: new Date(NOW_MS).toISOString(),
    };
    apply(state, stored as StoredEvent, strict);
  });
  return state;
}

describe.each(Object.keys(ADAPTERS) as AdapterName[])("the adapter of %s", (name) => {
  const adapter = ADAPTERS[name];
  const { payload, tokens, records, has_content, reversed, broken, timeless = false } = SAMPLES[name];
  /** What does not depend on the arrival. */
  const lasting = ({ events, ...rest }: Adapted) => ({
    ...rest,
    events: events.map((event) => (timeless ? { ...event, timestamp: "" } : event)),
  });
  const read = (of: unknown, by = context): Adapted => adapter(of, by);

  it("has something to read", () => {
    expect(read(payload()).events.length).toBeGreaterThan(0);
    expect(read(payload()).refused).toEqual([]);
  });

  it("[L2] is pure: a payload gives the same events again, at any time", () => {
    const first = read(payload());
    expect(read(payload())).toEqual(first);
    expect(lasting(read(payload(), { ...context, now_ms: NOW_MS + 86_400_000 }))).toEqual(lasting(first));
    const frozen = JSON.stringify(payload());
    const given = payload();
    read(given);
    expect(JSON.stringify(given)).toBe(frozen);
  });

  it("gives ids that are unique and short enough", () => {
    const ids = read(payload()).events.map((event) => event.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(new RegExp(`^[\\x21-\\x7e]{1,${String(MAX_ID_CHARS)}}$`));
  });

  it("gives events that may enter as they are", () => {
    for (const by of [context, keeping]) {
      for (const event of read(payload(), by).events) {
        expect(normalise(event, normaliser), JSON.stringify(event)).toMatchObject({ ok: true });
      }
    }
  });

  it("[P1] keeps no content unless the project says so", () => {
    expect(JSON.stringify(payload())).toContain(CANARY);
    expect(JSON.stringify(read(payload()).events)).not.toContain(CANARY);
    expect(JSON.stringify(read(payload(), keeping).events).includes(CANARY)).toBe(has_content);
  });

  it("[M1] counts the tokens that the payload says, once", () => {
    expect(tokensOf(read(payload()).events)).toEqual(tokens);
  });

  it("[S3] knows the same in the end, whatever the order of the records", () => {
    expect(folded(read(reversed()).events)).toEqual(folded(read(payload()).events));
  });

  it("[L3] loses nothing to a broken neighbour", () => {
    const whole = read(payload()).events;
    const beside = read(broken()).events;
    const ids = new Set(beside.map((event) => event.id));
    expect(whole.filter((event) => !ids.has(event.id))).toEqual([]);
    for (const event of beside) {
      expect(normalise(event, normaliser), JSON.stringify(event)).toMatchObject({ ok: true });
    }
  });

  it("accounts for each record: told, refused or ignored", () => {
    const { refused, ignored } = read(broken());
    expect(records).toBeGreaterThan(0);
    for (const { index, message } of refused) {
      expect(Number.isInteger(index) && index >= 0).toBe(true);
      expect(message).toMatch(/\w.*\.$/);
    }
    for (const count of Object.values(ignored)) expect(count).toBeGreaterThan(0);
  });

  it.each([
    null,
    undefined,
    1,
    "x",
    [],
    {},
    [[]],
    { resourceSpans: [{ scopeSpans: [{ spans: [1, "x", null, []] }] }] },
  ])("reads %j without an event and without an error", (of) => {
    expect(read(of).events).toEqual([]);
  });

  it("[P2] never takes a key of the payload for a property of its own", () => {
    read(JSON.parse(JSON.stringify(payload()).replaceAll('"session.id"', '"__proto__"')));
    read(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'));
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
