import { expect, it } from "vitest";
import type { Failure } from "../../schema/wire/error.ts";
import { Holds } from "./hold.ts";

const LIMITED: Failure = {
  code: "rate_limited",
  message: "Wait 2 s.",
  retry_after_s: 2,
  policy: "key-requests",
};

it("repeats a refusal until its wait is over, with what is left of it, and for nobody else", () => {
  const holds = new Holds();
  holds.note("a POST", LIMITED, 1_000);
  expect(holds.refusal("a POST", 1_000)).toEqual(LIMITED);
  expect(holds.refusal("a POST", 2_001)).toEqual({ ...LIMITED, retry_after_s: 1 });
  expect(holds.refusal("a GET", 2_001)).toBeNull();
  expect(holds.refusal("a POST", 3_000)).toBeNull();
  expect(holds.size).toBe(0);
});

it("keeps nothing but what says how long to wait", () => {
  const holds = new Holds();
  holds.note("a", { code: "unavailable", message: "", retry_after_s: 2 }, 0);
  holds.note("b", { code: "rate_limited", message: "" }, 0);
  expect(holds.size).toBe(0);
});

it("forgets the oldest beyond its bound", () => {
  const holds = new Holds();
  for (let n = 0; n < 10_010; n += 1) holds.note(String(n), LIMITED, 0);
  expect(holds.size).toBe(10_000);
  expect(holds.refusal("9", 1)).toBeNull();
  expect(holds.refusal("10", 1)).not.toBeNull();
});
