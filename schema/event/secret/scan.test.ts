import { describe, expect, it } from "vitest";
import { RULES } from "./rules.ts";
import { scan } from "./scan.ts";
import { redactSecretsInText } from "./text.ts";

/** Steps allowed per character, whatever the text: several classes may each look once, a few dozen bounded look-backs. */
const MAX_STEPS_PER_CHAR = 160;

const SHORT_CHARS = 16 * 1024;
const GROWTH = 8;

const fill = (unit: string, chars: number) => unit.repeat(Math.ceil(chars / unit.length)).slice(0, chars);

const hostile: [string, string][] = [
  ["BEGIN without END", `-----BEGIN ${"PRIVATE"} KEY-----`],
  ["BEGIN lines", `-----BEGIN ${"PRIVATE"} KEY-----\nAAAA\n`],
  ["sk-", "sk-"],
  ["eyJ.", "eyJ."],
  ["eyJ", "eyJ"],
  ["long eyJ parts", "eyJaaaaaaaaaaaaaaaa."],
  ["eyJ after escapes", "\\neyJaaaaaaaaaaaaaaa"],
  ["addresses", "://a:a:a:@"],
  ["colons", "://a:"],
  ["colons only", "http://a" + ":a".repeat(50)],
  ["encoded addresses", "%3A%2F%2Fa%3Ab"],
  ["passwords", "password="],
  ["quoted passwords", 'password="'],
  ["placeholders", "password=${x}"],
  ["long names", "token_"],
  ["names", "secret.key.token:"],
  ["authorization", "authorization: bearer "],
  ["cookie", "cookie: cookie: "],
  ["bearer", "bearer bearer+"],
  ["curl", "curl -u a -u b: "],
  ["dots", "aaaaaa."],
  ["discord", "Maaaaaaaaaaaaaaaaaaaaaaaa.aaaaaa."],
  ["telegram", "12345678:AA"],
  ["webhooks", "hooks.slack" + ".com/"],
  ["azure", "Q~+AStACDbAZDO"],
  ["atlas", "aaaaaaaaaaa.atlasv1."],
  ["spaces", " \t\n"],
  ["quotes", "\"'`\\"],
  ["beyond ASCII", "ſ日K"],
  ...RULES.flatMap((rule) => rule.anchors.map((anchor): [string, string] => [`anchor ${anchor}`, anchor])),
  ...RULES.flatMap((rule) =>
    rule.anchors.map((anchor): [string, string] => [`tokens of ${anchor}`, `${anchor}aaa_bbb-`]),
  ),
  ["every anchor", RULES.flatMap((rule) => rule.anchors).join("")],
  ["every anchor apart", RULES.flatMap((rule) => rule.anchors).join(" ")],
  ["every anchor quoted", RULES.flatMap((rule) => rule.anchors).join('":"')],
];

describe("scan", () => {
  it.each(hostile)("[P1] does work in proportion to the text: %s", (_name, unit) => {
    // Counted, not timed: a quadratic matcher would do eight times the work per character.
    const short = scan(fill(unit, SHORT_CHARS)).steps / SHORT_CHARS;
    const long = scan(fill(unit, GROWTH * SHORT_CHARS)).steps / (GROWTH * SHORT_CHARS);
    expect(long).toBeLessThanOrEqual(MAX_STEPS_PER_CHAR);
    expect(long).toBeLessThanOrEqual(2 * short + 1);
  });

  it("[P1] two megabytes of beginnings end", () => {
    expect(scan(fill(`-----BEGIN ${"PRIVATE"} KEY-----`, 2 * 1024 * 1024)).spans).toEqual([]);
  });

  it("costs ordinary text hardly more than reading it", () => {
    const text = fill(
      "The agent merged the feature after two reviews; 3 tests failed at first (see log 12).\n",
      100_000,
    );
    expect(scan(text).steps).toBeLessThan(1.5 * text.length);
  });

  it("spans are in order, do not overlap, and lie within the text", () => {
    const text = fill(
      RULES.flatMap((rule) => rule.anchors).join("a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6e7F8a9B0 "),
      50_000,
    );
    let from = 0;
    const { spans } = scan(text);
    expect(spans.length).toBeGreaterThan(10);
    for (const span of spans) {
      expect(span.start).toBeGreaterThanOrEqual(from);
      expect(span.end).toBeGreaterThan(span.start);
      from = span.end;
    }
    expect(from).toBeLessThanOrEqual(text.length);
    const clean = redactSecretsInText(text);
    expect(redactSecretsInText(clean)).toBe(clean);
  });
});
