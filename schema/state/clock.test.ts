import fc from "fast-check";
import { expect, it } from "vitest";
import { eventTime } from "../event/event.ts";
import { written } from "../../test/replay/play.ts";
import { foldTime } from "./clock.ts";

const [event] = written([{ type: "tool_called" }]);
const at = (timestamp: string, received_at: string) => {
  if (event === undefined) throw new Error("no event was written");
  return foldTime({ ...event, timestamp, received_at }, 7);
};

it("is the earlier of the two for every pair of clocks, as is eventTime", () => {
  const clock = fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
  const text = fc.oneof(
    clock.map((date) => date.toISOString()),
    clock.map((date) => date.toISOString().replace(/\.\d+Z/, "+05:30")),
  );
  fc.assert(
    fc.property(text, text, (timestamp, received_at) => {
      const earlier_ms = Math.min(Date.parse(timestamp), Date.parse(received_at));
      expect(at(timestamp, received_at)).toBe(earlier_ms);
      expect(eventTime({ timestamp, received_at })).toBe(earlier_ms);
    }),
  );
});

it("[S3] goes by the clock that can be read, else by the state's own time", () => {
  expect(at("never", "2026-11-22T12:00:00.000Z")).toBe(Date.UTC(2026, 10, 22, 12));
  expect(at("2026-11-22T12:00:00.000Z", "")).toBe(Date.UTC(2026, 10, 22, 12));
  expect(at("2026-99-22T12:00:00.000Z", "2026-11-22T12:00:00.000Z")).toBe(Date.UTC(2026, 10, 22, 12));
  expect(at("", "never")).toBe(7);
});
