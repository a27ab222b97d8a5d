import { describe, expect, it } from "vitest";
import { DEFAULT_SPEED, keepMoment, readMoment, readSpeed, withMoment, withSpeed } from "./address.ts";

const query = (text: string) => new URLSearchParams(text);

describe("the moment in the address", () => {
  it("is a seq, or a time in either writing", () => {
    expect(readMoment("4120")).toEqual({ seq: 4_120 });
    expect(readMoment("1795348800000")).toEqual({ time_ms: 1_795_348_800_000 });
    expect(readMoment("2026-11-22T12:00:00Z")).toEqual({ time_ms: Date.UTC(2026, 10, 22, 12) });
    expect(readMoment(query("at=2026-11-22T14:00:00+02:00").get("at"))).toEqual({
      time_ms: Date.UTC(2026, 10, 22, 12),
    });
  });

  it("is the present where nothing, or nothing readable, is said", () => {
    for (const text of [null, "", "yesterday", "-4", "1e9", "4.5", "9".repeat(17), "2026-11-22"])
      expect(readMoment(text)).toBeNull();
  });

  it("joins and leaves what else the address says", () => {
    expect(withMoment(query("task=a%20b&at=3"), 7)).toBe("?task=a+b&at=7");
    expect(withMoment(query("task=x&at=3"), null)).toBe("?task=x");
    expect(keepMoment("/t/p/flow", query("at=9&task=x"))).toBe("/t/p/flow?at=9");
    expect(keepMoment("/t/p/flow?view=all", query("at=2026-11-22T14:00:00%2B02:00"))).toBe(
      "/t/p/flow?view=all&at=2026-11-22T14%3A00%3A00%2B02%3A00",
    );
    expect(keepMoment("/t/p/flow", query("at=nonsense&task=x"))).toBe("/t/p/flow");
  });

  it("names the speed where it is not the usual one", () => {
    expect(readSpeed("1000")).toBe(1_000);
    for (const text of [null, "7", ""]) expect(readSpeed(text)).toBe(DEFAULT_SPEED);
    expect(withSpeed(query("at=3"), 10)).toBe("?at=3&speed=10");
    expect(withSpeed(query("at=3&speed=10"), DEFAULT_SPEED)).toBe("?at=3");
  });
});
