import { describe, expect, it } from "vitest";
import { createFormat } from "./format.ts";

const MINUTE_MS = 60_000;
const NOW = Date.UTC(2026, 10, 23, 4);
const english = createFormat({ locale: "en-US", time_zone: "UTC", now_ms: NOW });

describe("figures", () => {
  it("say that a thing is unknown, and never 0", () => {
    for (const text of [
      english.count,
      english.decimal,
      english.percent,
      english.money,
      english.tokens,
      english.span,
    ])
      expect([text(null), text(NaN), text(Infinity)]).toEqual(["unknown", "unknown", "unknown"]);
    expect(english.figure("usd_per_hour", null)).toBe("unknown");
    expect(english.target("ms", null)).toBe("unknown");
  });
  it("round no share to none or all that is neither", () => {
    expect([0, 0.0004, 0.0006, 0.7849, 0.9994, 0.9996, 1].map((share) => english.percent(share))).toEqual([
      "0%",
      "< 0.1%",
      "0.1%",
      "78.5%",
      "99.9%",
      "> 99.9%",
      "100%",
    ]);
  });
  it("give money in cents, less than a cent in two digits, much and whole dollars without", () => {
    expect([0, 0.00123, 0.5, 1234.5, 45_678.9, -2.21].map((usd) => english.money(usd))).toEqual([
      "$0",
      "$0.0012",
      "$0.50",
      "$1,235",
      "$45,679",
      "−$2.21",
    ]);
  });
  it("give spans in their two largest units, and never 60 of one", () => {
    const spans = [0, 340, 8_200, 59_900, 554_000, 3_599_900, 11_160_000, 86_399_000, 187_200_000];
    expect(spans.map((ms) => english.span(ms))).toEqual([
      "0 s",
      "340 ms",
      "8.2 s",
      "1 min",
      "9 min 14 s",
      "1 h",
      "3 h 6 min",
      "1 d",
      "2 d 4 h",
    ]);
  });
  it("carry their unit", () => {
    expect(english.figure("per_hour", 0.0421)).toBe("0.0421/h");
    expect(english.figure("usd_per_hour", 2.214)).toBe("$2.21/h");
    expect(english.figure("tokens", 4_294_000)).toBe("4.29 M");
    expect(english.figure("ratio", 1.5, true)).toBe("1.5");
    expect(english.target("ms", { bound: "<=", value: 15 * MINUTE_MS })).toBe("≤ 15 min");
  });
  it("are shorter on an axis", () => {
    expect([340, 8_200, 1_903_000, 6_600_000, 187_200_000].map((ms) => english.brief("ms", ms))).toEqual([
      "340 ms",
      "8.2 s",
      "31.7 min",
      "1.83 h",
      "2.17 d",
    ]);
    expect(english.brief("usd_per_hour", 11.17)).toBe("$11.17");
    expect(english.brief("ratio", null)).toBe("unknown");
  });
  it("are written as their reader writes them", () => {
    const german = createFormat({ locale: "de-DE", time_zone: "UTC", now_ms: NOW });
    expect(german.decimal(12_345)).toBe("12.345");
    expect(german.decimal(0.47)).toBe("0,47");
  });
});

describe("moments", () => {
  const at = Date.UTC(2026, 1, 18, 23, 30);
  it("are those of the reader's time zone", () => {
    const there = createFormat({ locale: "en-GB", time_zone: "Asia/Kolkata", now_ms: NOW });
    expect(there.moment(at)).toBe("19 Feb, 05:00");
    expect(there.offset_ms(at)).toBe(330 * MINUTE_MS);
    expect(createFormat({ locale: "en-GB", time_zone: "UTC", now_ms: NOW }).moment(at)).toBe("18 Feb, 23:30");
  });
  it("name the year only where it is another", () => {
    const here = createFormat({ locale: "en-GB", time_zone: "UTC", now_ms: NOW });
    expect(here.day(Date.UTC(2025, 1, 18))).toBe("18 Feb 2025");
  });
  it("are no more precise of what is foretold than anybody knows", () => {
    const here = createFormat({ locale: "en-GB", time_zone: "UTC", now_ms: NOW });
    const days = [0.5, 3, 30, 300, 3_000].map((ahead) => here.ahead(NOW + ahead * 86_400_000, NOW));
    expect(days).toEqual(["16:00", "26 Nov, 04:00", "23 Dec", "Sept 2027", "too far to say"]);
  });
  it("name the day on an axis where it begins", () => {
    const here = createFormat({ locale: "en-GB", time_zone: "UTC", now_ms: NOW });
    const HOUR_MS = 60 * MINUTE_MS;
    expect(here.tick(Date.UTC(2026, 1, 18), 6 * HOUR_MS)).toBe("18 Feb");
    expect(here.tick(Date.UTC(2026, 1, 18, 6), 6 * HOUR_MS)).toBe("06:00");
    expect(here.tick(Date.UTC(2026, 1, 18, 6), 24 * HOUR_MS)).toBe("18 Feb");
  });
});
