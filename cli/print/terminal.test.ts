import { expect, it } from "vitest";
import { clean } from "./terminal.ts";

it("[P2] never lets text of events steer the terminal", () => {
  expect(clean("a\u001b]52;c;ZXZpbA==\u0007b\u202ec\u009b31m\nd")).toBe("a]52;c;ZXZpbA==bc31m d");
  expect(clean("x".repeat(300), 10)).toBe(`${"x".repeat(9)}…`);
});
