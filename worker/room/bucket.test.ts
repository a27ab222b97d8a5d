import { expect, it } from "vitest";
import { TokenBucket } from "./bucket.ts";

it("grants the burst, then refuses, then grants again at the rate", () => {
  const bucket = new TokenBucket(10, 0);
  for (let n = 0; n < 20; n += 1) expect(bucket.take(1, 0)).toBeNull();
  expect(bucket.take(1, 0)).toBe(100);
  expect(bucket.take(1, 50)).toBe(50);
  expect(bucket.take(1, 200)).toBeNull();
});

it("lets a batch over the burst pass once, and says how long its debt lasts", () => {
  const bucket = new TokenBucket(10, 0);
  expect(bucket.take(1_000, 0)).toBeNull();
  expect(bucket.take(1, 0)).toBe(98_100);
  expect(bucket.take(1, 97_000)).toBe(1_100);
  expect(bucket.take(1, 98_100)).toBeNull();
});

it("says how much is left, and never less than nothing", () => {
  const bucket = new TokenBucket(10, 0);
  expect(bucket.left(0)).toBe(20);
  expect(bucket.take(3, 0)).toBeNull();
  expect(bucket.left(50)).toBe(17);
  expect(bucket.left(100)).toBe(18);
  expect(bucket.take(100, 1_000)).toBeNull();
  expect(bucket.left(1_000)).toBe(0);
});

it("a clock that goes back refunds nothing", () => {
  const bucket = new TokenBucket(1, 10_000);
  expect(bucket.take(5, 10_000)).toBeNull();
  expect(bucket.take(1, 0)).toBe(4_000);
});
