import { expect, it } from "vitest";
import type { Failure } from "../../schema/wire/error.ts";
import { Holds, UNKNOWN_BYTES } from "./hold.ts";

const HEADERS = { "content-type": "application/json" };

function note(holds: Holds, who: string, bytes: number, failure: Failure, now_ms: number): void {
  holds.note({ who, bytes, failure }, HEADERS, now_ms);
}
/** What is left of the wait, seconds. */
const left = (holds: Holds, who: string, bytes: number, now_ms: number): number | undefined =>
  holds.refusal(who, bytes, now_ms)?.failure.retry_after_s;

const LIMITED: Failure = {
  code: "rate_limited",
  message: "Wait 2 s.",
  retry_after_s: 2,
  policy: "key-requests",
};

it("repeats a refusal until its wait is over, with what is left of it, and for nobody else", () => {
  const holds = new Holds();
  note(holds, "a POST", 0, LIMITED, 1_000);
  expect(holds.refusal("a POST", 1, 1_000)).toEqual({ failure: LIMITED, headers: HEADERS });
  expect(holds.refusal("a POST", 1, 2_001)?.failure).toEqual({ ...LIMITED, retry_after_s: 1 });
  expect(holds.refusal("a GET", 1, 2_001)).toBeNull();
  expect(holds.refusal("a POST", 1, 3_000)).toBeNull();
  expect(holds.size).toBe(0);
});

it("holds what is as large as what was refused, and asks the room about a smaller one", () => {
  const holds = new Holds();
  note(holds, "a", 100_000, { ...LIMITED, retry_after_s: 10 }, 0);
  expect(left(holds, "a", 100_000, 1)).toBe(10);
  expect(holds.refusal("a", 1_000_000, 1)).not.toBeNull();
  expect(holds.refusal("a", UNKNOWN_BYTES, 1)).not.toBeNull();
  expect(holds.refusal("a", 300, 1)).toBeNull();
  // That one was refused too, for a shorter time: each waits for its own.
  note(holds, "a", 300, LIMITED, 1);
  expect(left(holds, "a", 300, 2)).toBe(2);
  expect(holds.refusal("a", 100, 2)).toBeNull();
  expect(left(holds, "a", 100_000, 2)).toBe(10);
  expect(holds.refusal("a", 300, 3_000)).toBeNull();
  expect(left(holds, "a", 100_000, 3_000)).toBe(7);
  expect(holds.refusal("a", 100_000, 10_000)).toBeNull();
  expect(holds.size).toBe(0);
});

it("a body that shrinks byte by byte has one try for each halving", () => {
  const holds = new Holds();
  let tries = 0;
  for (let bytes = 1_000_000; bytes > 0; bytes -= 97) {
    if (holds.refusal("a", bytes, 0) !== null) continue;
    tries += 1;
    note(holds, "a", bytes, LIMITED, 0);
  }
  expect(tries).toBeLessThanOrEqual(20);
});

it("lets go when the limit would grant it, not at the end of a second, but not at once", () => {
  const holds = new Holds();
  note(holds, "a", 0, { ...LIMITED, retry_after_s: 1, retry_after_ms: 250 }, 0);
  expect(holds.refusal("a", 0, 249)).not.toBeNull();
  expect(holds.refusal("a", 0, 250)).toBeNull();
  note(holds, "a", 0, { ...LIMITED, retry_after_s: 1, retry_after_ms: 3 }, 1_000);
  expect(holds.refusal("a", 0, 1_039)).not.toBeNull();
  expect(holds.refusal("a", 0, 1_040)).toBeNull();
});

it("keeps nothing but what says how long to wait", () => {
  const holds = new Holds();
  note(holds, "a", 0, { code: "unavailable", message: "", retry_after_s: 2 }, 0);
  note(holds, "b", 0, { code: "rate_limited", message: "" }, 0);
  expect(holds.size).toBe(0);
});

it("forgets the oldest beyond its bound", () => {
  const holds = new Holds();
  for (let n = 0; n < 10_010; n += 1) note(holds, String(n), 0, LIMITED, 0);
  expect(holds.size).toBe(10_000);
  expect(holds.refusal("9", 0, 1)).toBeNull();
  expect(holds.refusal("10", 0, 1)).not.toBeNull();
});
