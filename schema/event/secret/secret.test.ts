import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../event.ts";
import { RULES } from "./rules.ts";
import { type Sample, SAMPLES } from "../../../test/sample/secret.ts";
import { findSecrets, redactSecrets, redactSecretsInText } from "./secret.ts";

const entries = Object.entries(SAMPLES);
const anySample = fc.oneof(...entries.map(([, sample]) => sample));
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });

/** Text as agents write it, with what could confuse a scanner. */
const prose = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(
          "fix",
          "the",
          "tests",
          "é",
          "日本",
          "key",
          "://",
          "-----",
          "sk-",
          "=",
          ":",
          '"',
          "\\n",
          "`x`",
          "a@b.c",
          "%20",
        ),
      },
      { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
    ),
    { maxLength: 12 },
  )
  .map((words) => words.join(" "));
/** What a secret may stand between: it begins and ends somewhere. */
const edge = fc.constantFrom(" ", "\n", '"', "'", "(", "\\n", "\t", ">", "`", "|", "\u001b[31m ");

const embedded = fc
  .tuple(prose, edge, anySample, prose)
  .map(([before, left, sample, after]) => ({ sample, text: `${before}${left}${sample.text} ${after}` }));

describe("secrets in text", () => {
  it.each(entries)("[P1] finds %s, names it and leaves what surrounds it", (_name, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (sample: Sample) => {
        const text = `before ${sample.text} after`;
        expect(findSecrets(text).map((span) => span.rule)).toEqual([sample.rule]);
        const clean = redactSecretsInText(text);
        expect(clean).toContain(`[redacted:${sample.rule}]`);
        expect(clean).not.toContain(sample.secret);
        expect(clean.startsWith("before ") && clean.endsWith(" after")).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("[P1] a secret at a random place of random text does not survive, and twice changes nothing more", () => {
    fc.assert(
      fc.property(embedded, ({ sample, text }) => {
        const clean = redactSecretsInText(text);
        expect(clean).not.toContain(sample.secret);
        expect(redactSecretsInText(clean)).toBe(clean);
      }),
      { numRuns: 3000 },
    );
  });

  it("[P1] nor in JSON, in JSON inside JSON, or in a query", () => {
    fc.assert(
      fc.property(embedded, anySample, ({ sample, text }, alone) => {
        const once = JSON.stringify({ output: text });
        expect(redactSecretsInText(once)).not.toContain(sample.secret);
        const twice = JSON.stringify({ body: once });
        expect(redactSecretsInText(twice)).not.toContain(sample.secret);
        // JSON stays JSON: the closing quote and its escapes are not part of a secret.
        expect(
          () => JSON.parse(redactSecretsInText(JSON.stringify({ output: alone.text }))) as unknown,
        ).not.toThrow();
      }),
      { numRuns: 1500 },
    );
  });

  it("[P1] URL-encoded tokens and assignments do not survive", () => {
    const address = (text: string) => `https://x.example/cb?next=${encodeURIComponent(text)}&z=1`;
    const names = ["github", "password", "quoted key", "basic auth", "stripe", "anthropic", "jwt", "bearer"];
    for (const name of names) {
      fc.assert(
        fc.property(SAMPLES[name] ?? fc.constant({ rule: "", text: "", secret: "x" }), (sample) => {
          expect(redactSecretsInText(address(sample.text))).not.toContain(sample.secret);
        }),
        { numRuns: 50 },
      );
    }
  });

  it("[P1] a private key with escaped line ends, or cut off before its end, does not survive", () => {
    fc.assert(
      fc.property(SAMPLES.rsa ?? anySample, (sample) => {
        const escaped = sample.text.replaceAll("\n", "\\n");
        expect(redactSecretsInText(`"${escaped}"`)).toBe('"[redacted:private-key]"');
        const cut = sample.text.slice(0, sample.text.indexOf("-----END"));
        expect(redactSecretsInText(`log: ${cut}`)).not.toContain(sample.secret);
      }),
    );
  });

  it.each([
    "8f14e45fceea167a5a36dedd4bea2543f1d2c9aa",
    "commit 8f14e45 fixes TASK-001, bd-kwro, gt-csl.3.3 and hq-cv-mzsgw",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sha512-9fYKkpLYOx3t4oFnMYYlKT5xj4mYMWJQ0XKzF2oL8tXzT1t2yV9l0R7m3nH8kq2u5s6d4f3g2h1j0k9l8m7n6b==",
    "550e8400-e29b-41d4-a716-446655440000 01ARZ3NDEKTSV4RRFFQ69G5FAV 2026-11-22T14:23:15.120Z",
    "task-4f2a9c1b7d3e8f60a1b2c3d4e5f60718 sk-learn scikit disk-space-2 risk-assessment-2026-11-22",
    "claude-sonnet-5 gpt-5.1-codex claude-3-5-sonnet-20241022 gemini-2.5-pro",
    "msg_01XFDUDYJgAACzvnptvVoYEL req_011CSHoEeqs5C35K2UUqR7Fy toolu_01A09q90qw90lq917835lq9",
    "call_abc123DEF456ghi789JKL012 chatcmpl-9x8y7z6w5v4u3t2s1r0q resp_67ccd2bed1ec8190b14f964abc054267",
    "/home/me/src/app/lib/key.ts ~/.ssh/id_ed25519.pub C:\\Users\\me\\token.txt PWD=/work/app2/src",
    "https://example.com:8080/a?b=c#d git@github.com:o/r.git ssh://git@github.com/o/r me@example.com",
    "https://user@example.com/x http://localhost:4321/@scope/pkg postgres://localhost:5432/app",
    "input_tokens=1200 max_tokens: 4096 token_count=17 secret_name: my-secret-1 api_key_id=42 next_token=abc",
    "password: string; token: string, apiKey?: string, const password = form.password;",
    "password=${DB_PASSWORD} api_key: <your key> token=$TOKEN secret: process.env.SECRET export OPENAI_API_KEY=sk-...",
    "const apiKey = await getApiKeyForModel(model); password = input('Password: ')",
    "Authorization: required; see the authorization: header. The bearer of bad news; a cookie: a small text",
    "eyJ0b3RhbCI6MTIsIm5leHQiOm51bGx9",
    "TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5IGJ5IGhpcyByZWFzb24=",
    "npm_config_registry npm_package_dependencies_typescript_version GIT_COMMITTER_DATE npm_lifecycle_event",
    "Look for -----BEGIN RSA PRIVATE KEY----- and -----END RSA PRIVATE KEY----- in the text",
    "primary_key: user_id, cache_key=abc123def456ghi789, public_key: ssh-ed25519",
    "the secret is to write tests; the key: patience. Token: a word. password reset flow",
    "key=value-1 keyboard=us-intl-2024 monkey: 12 turnkey=abc123",
  ])("what is no secret survives: %s", (text) => {
    expect(findSecrets(text).map((span) => text.slice(span.start, span.end))).toEqual([]);
    expect(redactSecretsInText(text)).toBe(text);
  });

  it("[P1] random git hashes, digests and UUIDs survive in random sentences", () => {
    const id = fc.oneof(hex(7), hex(12), hex(40), hex(64), fc.uuid(), fc.ulid());
    const before = fc.constantFrom(
      "",
      "commit ",
      "at ",
      "id=",
      "sha256:",
      "task-",
      "blob/",
      '"id":"',
      "(",
      "parent_id: ",
      "session_id=",
    );
    fc.assert(
      fc.property(before, id, (left, text) => {
        expect(redactSecretsInText(`${left}${text} done`)).toBe(`${left}${text} done`);
      }),
      { numRuns: 3000 },
    );
  });

  it("every rule has a name that a replacement can hold", () => {
    for (const rule of RULES) expect(rule.name).toMatch(/^[a-z0-9-]+$/);
  });
});

describe("secrets in a tree", () => {
  it("[P1] none survives as a value, in an array, or in a key; no entry is lost; twice changes nothing", () => {
    fc.assert(
      fc.property(embedded, embedded, (one, two) => {
        const tree: Json = {
          note: one.text,
          list: [1, { deep: [two.text] }],
          [one.text]: 1,
          [`${two.text}.`]: true,
          z: null,
        };
        const clean = redactSecrets(tree);
        const text = JSON.stringify(clean);
        expect(text).not.toContain(JSON.stringify(one.sample.secret).slice(1, -1));
        expect(text).not.toContain(JSON.stringify(two.sample.secret).slice(1, -1));
        expect(Object.keys(clean)).toHaveLength(Object.keys(tree).length);
        expect(redactSecrets(clean)).toEqual(clean);
      }),
      { numRuns: 1000 },
    );
  });

  it("[P1] two keys that become the same text keep both entries", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(SAMPLES.github ?? anySample, { minLength: 3, maxLength: 3, selector: (s) => s.text }),
        (keys) => {
          const tree = {
            "[redacted:github]": 0,
            ...Object.fromEntries(keys.map((key, index) => [key.text, index + 1])),
          };
          const clean = redactSecrets<Json>(tree) as Record<string, number>;
          expect(Object.values(clean).sort()).toEqual([0, 1, 2, 3]);
          expect(redactSecrets<Json>(clean)).toEqual(clean);
        },
      ),
    );
  });

  it("returns the same object when it holds no secret, and keeps what is beside one", () => {
    const plain = { a: [1, "x", { b: null }], input_tokens: 12 };
    expect(redactSecrets<Json>(plain)).toBe(plain);
    const inner = { b: 1 };
    const clean = redactSecrets<Json>({ inner, password: "hunter" }) as Record<string, Json>;
    expect(clean).toEqual({ inner: { b: 1 }, password: "[redacted:secret-field]" });
    expect(clean.inner).toBe(inner);
  });

  it("[P1] fields that are secret by name lose strings and numbers, not flags, nulls and placeholders", () => {
    const clean = redactSecrets<Json>({
      apiKey: "plain words too",
      pin_secret: 1234,
      password: null,
      secret: true,
      token: "Hello",
      access_token: "x1y2z3",
      cookies: ["a=1"],
      headers: { "set-cookie": ["sid=1"], authorization: "Basic x" },
      client_secret: "${SECRET}",
      pwd: "/home/me",
      aws_account_id: "123456789012",
      max_tokens: 4096,
    });
    expect(clean).toEqual({
      apiKey: "[redacted:secret-field]",
      pin_secret: "[redacted:secret-field]",
      password: null,
      secret: true,
      token: "Hello",
      access_token: "[redacted:secret-field]",
      cookies: ["a=1"],
      headers: { "set-cookie": ["[redacted:secret-field]"], authorization: "[redacted:secret-field]" },
      client_secret: "${SECRET}",
      pwd: "/home/me",
      aws_account_id: "[redacted:aws-account-id]",
      max_tokens: 4096,
    });
  });

  it("a key `__proto__` stays a plain entry and reaches no prototype", () => {
    const clean = redactSecrets(JSON.parse('{"__proto__":{"password":"hunter","polluted":1}}') as Json);
    expect(JSON.stringify(clean)).toBe('{"__proto__":{"password":"[redacted:secret-field]","polluted":1}}');
    expect(Object.getPrototypeOf(clean)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it("a tree of any depth is safe: what lies deeper than is looked into is replaced whole", () => {
    let tree: Json = "hidden";
    for (let level = 0; level < 100_000; level++) tree = level % 2 === 0 ? [tree] : { tree };
    const text = JSON.stringify(redactSecrets(tree));
    expect(text).toContain("[redacted:too-deep]");
    expect(text).not.toContain("hidden");
  });
});
