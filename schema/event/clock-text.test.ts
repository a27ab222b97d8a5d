import { expect, it } from "vitest";
import { readClockText } from "./clock-text.ts";

it("reads what the room writes as Date.parse does, on every day but a month's last", () => {
  for (let day = 0; day < 200 * 366; day += 5) {
    const time = Date.UTC(1900, 0, 1) + day * 86_400_000 + ((day * 7_919_317) % 86_400_000);
    const text = new Date(time).toISOString();
    expect(readClockText(text)).toBe(Number(text.slice(8, 10)) <= 28 ? time : NaN);
  }
  expect(readClockText("0000-03-01T00:00:00.000Z")).toBe(Date.parse("0000-03-01T00:00:00.000Z"));
  expect(readClockText("9999-12-28T23:59:59.999Z")).toBe(Date.parse("9999-12-28T23:59:59.999Z"));
});

it("says nothing of any other text", () => {
  const text = "2026-11-22T14:23:15.120Z";
  for (let at = 0; at < text.length; at += 1) {
    for (const other of ["", "x", "/", ":", "9", "\u0660", "-", " "]) {
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      const ms = readClockText(changed);
      if (!Number.isNaN(ms)) expect([changed, ms]).toEqual([changed, Date.parse(changed)]);
    }
  }
  for (const wrong of ["2026-13-01", "2026-00-01", "2026-01-00", "2026-02-30"])
    expect(readClockText(`${wrong}T00:00:00.000Z`)).toBeNaN();
  for (const wrong of ["24:00:00", "23:60:00", "23:59:60"])
    expect(readClockText(`2026-01-01T${wrong}.000Z`)).toBeNaN();
});
