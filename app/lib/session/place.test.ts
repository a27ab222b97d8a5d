import { describe, expect, it } from "vitest";
import { projectPath, safeNext, signInPath } from "./place.ts";

describe("safeNext", () => {
  it("keeps a path of this origin with its query", () => {
    expect(safeNext("/gas-town/gastown/flow?task=x%20y")).toBe("/gas-town/gastown/flow?task=x%20y");
  });
  it.each([
    null,
    "",
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "gas-town",
  ])("sends %j home", (next) => {
    expect(safeNext(next)).toBe("/");
  });
});

describe("paths", () => {
  it("escapes slugs", () => {
    expect(projectPath({ team: "a/b", project: "c?d" }, "flow")).toBe("/a%2Fb/c%3Fd/flow");
  });
  it("carries the email and the way back, and leaves out what says nothing", () => {
    expect(signInPath({ email: "a+b@c.de", next: "/x" })).toBe("/sign-in?email=a%2Bb%40c.de&next=%2Fx");
    expect(signInPath({ next: "/" })).toBe("/sign-in");
  });
});
