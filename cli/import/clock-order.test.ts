import { expect, it } from "vitest";
import { runsByClock } from "./clock-order.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

const at = (id: string, seconds: number): OutgoingEvent => ({
  id,
  timestamp: new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString(),
  event_type: "note",
  agent_id: "a",
});
const runs = (...lists: OutgoingEvent[][]): string[] =>
  [...runsByClock(lists)].map(({ place, events }) => `${place}: ${events.map(({ id }) => id).join(" ")}`);

it("tells the history of several tools as one, the older first, whichever tool it is of", () => {
  const newer = [at("a1", 10_000), at("a2", 30_000)];
  const older = [at("b1", 0), at("b2", 20_000)];
  expect(runs(newer, older)).toEqual(["1: b1", "0: a1", "1: b2", "0: a2"]);
});

it("keeps together what is no further than a minute ahead, so that work at one time is few requests", () => {
  const one = [at("a1", 0), at("a2", 30), at("a3", 65), at("a4", 200)];
  const other = [at("b1", 5), at("b2", 40)];
  expect(runs(one, other)).toEqual(["0: a1 a2 a3", "1: b1 b2", "0: a4"]);
});

it("ends where a list is empty, or all are", () => {
  expect(runs([], [at("a", 0)])).toEqual(["1: a"]);
  expect(runs([], [])).toEqual([]);
});
