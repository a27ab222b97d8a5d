import { expect, it } from "vitest";
import { grouped } from "./grouped.ts";

it.each([0, 7, 999, 1_000, 7_041, 65_536, 999_999, 1_000_000, 1_234_567_890, -1, -999, -1_000, -7_041])(
  "groups %i as the browser does",
  (value) => {
    expect(grouped(value)).toBe(value.toLocaleString("en"));
  },
);
