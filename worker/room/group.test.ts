import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Candidates } from "./append.ts";
import { Group } from "./group.ts";
import { ENOUGH_EVENTS } from "./limits.ts";

const STORED = { ok: true, accepted: 1, duplicates: 0, first_seq: 1, last_seq: 1, conflicts: [] } as const;
const requestOf = (events: number): Candidates =>
  ({ events: Array.from({ length: events }) }) as unknown as Candidates;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("requests that come while the first one gathers share its commit, and the next group asks anew how long", async () => {
  const commits: number[] = [];
  let gather_ms = 4;
  const group = new Group(
    (requests) => (commits.push(requests.length), requests.map(() => ({ ...STORED, conflicts: [] }))),
    () => gather_ms,
  );
  const first = [group.submit(requestOf(1)), group.submit(requestOf(1))];
  vi.advanceTimersByTime(4);
  expect(commits).toEqual([2]);
  gather_ms = 50;
  const second = [group.submit(requestOf(1))];
  vi.advanceTimersByTime(49);
  second.push(group.submit(requestOf(1)), group.submit(requestOf(1)));
  expect(commits).toEqual([2]);
  vi.advanceTimersByTime(1);
  expect(commits).toEqual([2, 3]);
  expect(await Promise.all([...first, ...second])).toHaveLength(5);
});

it("as many events as are enough for a commit wait for nobody", async () => {
  let commits = 0;
  const group = new Group(
    (requests) => ((commits += 1), requests.map(() => ({ ...STORED, conflicts: [] }))),
    () => 50,
  );
  const reply = group.submit(requestOf(ENOUGH_EVENTS));
  expect(commits).toBe(1);
  expect(await reply).toMatchObject({ ok: true });
  vi.advanceTimersByTime(50);
  expect(commits).toBe(1);
});
