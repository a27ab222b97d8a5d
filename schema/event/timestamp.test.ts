import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readTimestamp } from "./timestamp.ts";

describe("timestamp", () => {
  it.each([
    ["2026-11-22T14:23:15.120Z", "2026-11-22T14:23:15.120Z"],
    ["2026-11-22T14:23:15Z", "2026-11-22T14:23:15.000Z"],
    ["2026-11-22T14:23:15.1Z", "2026-11-22T14:23:15.100Z"],
    ["2026-11-22T14:23:15.123456Z", "2026-11-22T14:23:15.123Z"],
    ["2026-11-22T14:23:15.123456789+00:00", "2026-11-22T14:23:15.123Z"],
    ["2026-11-22T16:23:15.120+02:00", "2026-11-22T14:23:15.120Z"],
    ["2026-11-22T09:53:15.120-04:30", "2026-11-22T14:23:15.120Z"],
    ["2026-11-22t14:23:15z", "2026-11-22T14:23:15.000Z"],
    ["2026-11-22 14:23:15Z", "2026-11-22T14:23:15.000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"],
    ["2026-01-31T23:59:59.999Z", "2026-01-31T23:59:59.999Z"],
    [1795357395120, "2026-11-22T14:23:15.120Z"],
    ["2025-11-22T14:23:15.120Z", "2025-11-22T14:23:15.120Z"],
    ["2027-11-22T14:23:15.120Z", "2027-11-22T14:23:15.120Z"],
  ])("reads %s", (value, timestamp) => {
    expect(readTimestamp(value)).toEqual({ ok: true, timestamp });
  });

  it.each([
    ["2026-11-22T14:23:15", /time zone/],
    ["2026-11-22", /time zone/],
    ["2026-02-30T00:00:00Z", /does not exist/],
    ["2025-02-29T00:00:00.000Z", /does not exist/],
    ["2026-13-01T00:00:00Z", /does not exist/],
    ["2026-11-00T00:00:00Z", /does not exist/],
    ["2026-11-22T24:00:00.000Z", /does not exist/],
    ["2026-11-22T14:60:00.000Z", /does not exist/],
    ["2026-11-22T14:23:15+25:00", /does not exist/],
    ["1795357395120", /in quotes/],
    ["Sun, 22 Nov 2026 14:23:15 GMT", /cannot be read/],
    ["yesterday", /cannot be read/],
    ["", /cannot be read/],
    ["1999-12-31T23:59:59Z", /outside/],
    ["2100-01-01T00:00:00Z", /outside/],
    [1795357395, /seconds/],
    [1795357395120.5, /fraction/],
    [1795357395120000, /micro/],
    [NaN, /finite/],
    [Infinity, /finite/],
    [0, /outside/],
    [null, /object/],
    [true, /boolean/],
    [new Date(0), /Date object/],
  ])("refuses %s, and shows the accepted forms", (value, message) => {
    const read = readTimestamp(value);
    if (read.ok) throw new Error(`read as ${read.timestamp}`);
    expect(read.message).toMatch(message);
    expect(read.message).toContain("2026-11-22T14:23:15.120Z");
    expect(read.message).toContain("1795357395120");
  });

  it("agrees with Date on every time that Date writes, whatever the offset", () => {
    const time_ms = fc.integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2099, 11, 30) });
    fc.assert(
      fc.property(time_ms, fc.integer({ min: -23 * 60, max: 23 * 60 }), (ms, offset_min) => {
        const timestamp = new Date(ms).toISOString();
        expect(readTimestamp(ms)).toEqual({ ok: true, timestamp });
        expect(readTimestamp(timestamp)).toEqual({ ok: true, timestamp });
        const local = new Date(ms + offset_min * 60_000).toISOString().slice(0, -1);
        const minutes = Math.abs(offset_min);
        const two = (value: number) => String(value).padStart(2, "0");
        const offset = `${offset_min < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
        expect(readTimestamp(local + offset)).toEqual({ ok: true, timestamp });
      }),
    );
  });

  it("has an answer for every value, and reads its own answer back as the same", () => {
    const two = fc.nat(99).map((value) => String(value).padStart(2, "0"));
    const shaped = fc
      .tuple(
        fc.nat(9_999),
        two,
        two,
        two,
        two,
        two,
        fc.constantFrom("", ".1", ".123456789", "."),
        fc.constantFrom("Z", "z", "", "+02:00", "-99:99", "+00:00"),
      )
      .map(
        ([year, month, day, hour, minute, second, fraction, zone]) =>
          `${String(year).padStart(4, "0")}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`,
      );
    fc.assert(
      fc.property(fc.oneof(shaped, fc.anything(), fc.double(), fc.maxSafeInteger()), (value) => {
        const read = readTimestamp(value);
        if (!read.ok) return void expect(read.message).toContain("timestamp");
        expect(read.timestamp).toBe(new Date(read.timestamp).toISOString());
        expect(readTimestamp(read.timestamp)).toEqual(read);
      }),
      { numRuns: 5_000 },
    );
  });
});
