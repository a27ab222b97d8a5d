import { describe, expect, it } from "vitest";
import { ID_FIELDS, ID_MAX_CHARS } from "./envelope.ts";
import { normalise, type NormaliseOptions } from "./normalise.ts";
import { redactSecretsInText } from "./secret/secret.ts";
import { KNOWN_TYPES } from "./type.ts";

const GITHUB_TOKEN = `ghp_${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}`;
const base = {
  id: "e1",
  timestamp: "2026-11-22T14:23:15.120Z",
  event_type: "task_started",
  agent_id: "coder-a",
};
const options: NormaliseOptions = {
  source: "api",
  key_id: "k1",
  mintId: () => "minted",
  sha256Hex: (text) => `hash of ${text.length}`,
  pseudonym: (secret) => `p${secret.length}${secret.at(-1) ?? ""}`,
};
function stored(raw: object) {
  const result = normalise(raw, options);
  if (!result.ok) throw new Error(result.message);
  return result.event;
}

describe("normalise", () => {
  it("writes the fields in the order of the envelope, and mints an id where there is none", () => {
    const event = stored({
      metrics: { a: 1 },
      metadata: { b: 2 },
      session_id: "s",
      feature_id: "f",
      task_id: "t",
      agent_role: "r",
      ...base,
      id: undefined,
    });
    expect(JSON.stringify(event)).toBe(
      `{"id":"minted","timestamp":"2026-11-22T14:23:15.120Z","event_type":"task_started","agent_id":"coder-a","agent_role":"r",` +
        `"task_id":"t","feature_id":"f","session_id":"s","metadata":{"b":2},"metrics":{"a":1},"source":"api","key_id":"k1","v":2}`,
    );
  });

  it("[P1] replaces a field with a secret's name, whatever its value, at any depth", () => {
    const metadata = {
      password: "x",
      api_key: 5,
      authorization: { a: [1] },
      token: true,
      Cookie: [],
      nested: [{ clientSecret: null }],
    };
    expect(stored({ ...base, event_type: "mine", metadata }).metadata).toEqual({
      password: "[redacted:field]",
      api_key: "[redacted:field]",
      authorization: "[redacted:field]",
      token: "[redacted:field]",
      Cookie: "[redacted:field]",
      nested: [{ clientSecret: "[redacted:field]" }],
    });
  });

  it("keeps fields that only sound like one", () => {
    const metadata = {
      tokens: 5,
      input_tokens: 7,
      key: "a",
      pwd: "/home/coder",
      author: "kim",
      keyboard: "de",
    };
    expect(stored({ ...base, event_type: "mine", metadata }).metadata).toEqual(metadata);
  });

  it.each([
    ["5d41402abc4b2a76b9719d911017c592", false],
    ["sk_5d41402abc4b2a76b9719d911017c592", false],
    ["deploy.integration_tests_2026_completed", true],
    ["oauth2authenticationcompleted", true],
  ])("[P1] an event_type that is an id or a secret is refused: %s", (event_type, ok) => {
    expect(normalise({ ...base, event_type }, options).ok).toBe(ok);
  });

  it("[P1] lets no secret through, in any value, key, role or id", () => {
    const secret = GITHUB_TOKEN;
    const event = stored({
      id: `x-${secret}`,
      timestamp: base.timestamp,
      event_type: "mine",
      agent_id: secret,
      agent_role: `r ${secret}`,
      task_id: secret,
      feature_id: `${secret}/f`,
      session_id: secret,
      metadata: { note: `see ${secret}`, [secret]: 1, list: [{ [`k ${secret}`]: [secret] }] },
      metrics: { [secret]: 1, password: 2, ok: 3 },
    });
    expect(JSON.stringify(event)).not.toContain(secret.slice(4, 20));
    expect(event.metrics?.ok).toBe(3);
    for (const value of Object.values(event.metrics ?? {})) expect(value).toBeTypeOf("number");
  });

  it("[P1] keeps distinct ids distinct and equal ones equal, within their limits", () => {
    const other = GITHUB_TOKEN.slice(0, -1) + "Z";
    for (const field of ID_FIELDS) {
      const first = stored({ ...base, [field]: GITHUB_TOKEN })[field];
      expect(first).toMatch(/^\[redacted:[a-z0-9-]+:p40\w\]$/);
      expect(stored({ ...base, [field]: GITHUB_TOKEN })[field]).toBe(first);
      expect(stored({ ...base, [field]: other })[field]).not.toBe(first);
      expect(first?.length).toBeLessThanOrEqual(ID_MAX_CHARS[field]);
    }
  });

  it("[P1] refuses a type that looks like a secret, and does not repeat it", () => {
    const event_type = `sk_live_${"a1b2c3d4e5f6g7h8i9j0k1l2"}`;
    const result = normalise({ ...base, event_type }, options);
    expect(result).toMatchObject({ ok: false, code: "invalid_field" });
    expect(JSON.stringify(result)).not.toContain(event_type);
  });

  it("keeps UUIDs, git hashes and ordinary ids as they are", () => {
    const event = {
      ...base,
      id: "0198d1f2-7c1a-7a53-9f3e-2f0d1c2b3a4e",
      task_id: "bd-1f3",
      session_id: "8f14e45fceea167a5a36dedd4bea2543f2c1d0aa",
      metadata: { commit: "385c0c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b" },
    };
    expect(stored({ ...event, event_type: "task_merged" })).toMatchObject({
      ...event,
      event_type: "task_merged",
    });
  });

  it("hashes artifacts before it looks for secrets", () => {
    expect(stored({ ...base, event_type: "mine", metadata: { diff: `+${GITHUB_TOKEN}` } }).metadata).toEqual({
      diff: { sha256: "hash of 41", bytes: 41, lines_added: 1, lines_removed: 0 },
    });
  });

  it("passes a rejection on", () => {
    expect(normalise({ ...base, type: "x" }, options)).toMatchObject({
      ok: false,
      id: "e1",
      code: "unknown_field",
    });
  });

  it("takes no known type for an id or a secret", () => {
    for (const event_type of KNOWN_TYPES) expect(redactSecretsInText(event_type)).toBe(event_type);
  });
});
