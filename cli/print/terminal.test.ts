import { expect, it } from "vitest";
import { UserError } from "../command/user-error.ts";
import { clean, cleanLines } from "./terminal.ts";

it("[P2] never lets text of events steer the terminal", () => {
  expect(clean("a\u001b]52;c;ZXZpbA==\u0007b\u202ec\u009b31m\nd")).toBe("a]52;c;ZXZpbA==bc31m d");
  expect(clean("x".repeat(300), 10)).toBe(`${"x".repeat(9)}…`);
});

it("[P2] never lets the name of a file steer it either, and keeps our own lines", () => {
  expect(cleanLines("no \u001b[2Jfile\r\u001b]0;x\u0007\n  next")).toBe("no [2Jfile]0;x\n  next");
  expect(new UserError("cannot read a\u001b[31m.jsonl").message).toBe("cannot read a[31m.jsonl");
});
