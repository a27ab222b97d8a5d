import { describe, expect, it } from "vitest";
import { DEFAULT_INTAKE } from "../../schema/wire/intake.ts";
import { branchOf } from "./correlate.ts";

const of = (branch: string, ...branches: string[]) =>
  branchOf(branches.length === 0 ? DEFAULT_INTAKE : { branches }, branch);

describe("a branch", () => {
  it.each([
    ["add-auth/TASK-7", { feature: "add-auth", task: "TASK-7" }],
    ["refs/heads/add-auth/TASK-7", { feature: "add-auth", task: "TASK-7" }],
    ["add-auth", { feature: "add-auth" }],
    ["alex/add-auth/TASK-7", {}],
    ["add-auth/", {}],
    ["/", {}],
    ["", {}],
  ])("%s is by default %j", (branch, work) => {
    expect(of(branch)).toEqual(work);
  });

  it.each(["main", "Master", "refs/heads/main", "HEAD", "develop"])("%s is no feature", (branch) => {
    expect(of(branch)).toEqual({});
  });

  it("follows the project's patterns, the first that fits", () => {
    const patterns = ["feature/{feature}", "{task}-of-{feature}", "agent/{task}", "fixed"];
    expect(of("feature/login", ...patterns)).toEqual({ feature: "login" });
    expect(of("T-1-of-login", ...patterns)).toEqual({ task: "T-1", feature: "login" });
    expect(of("agent/T-9", ...patterns)).toEqual({ task: "T-9" });
    expect(of("fixed", ...patterns)).toEqual({});
    expect(of("elsewhere", ...patterns)).toEqual({});
    expect(of("anything")).toEqual({ feature: "anything" });
  });

  it("takes a pattern as text, never as an expression", () => {
    expect(of("aXb", "a.{feature}")).toEqual({});
    expect(of("a.b", "a.{feature}")).toEqual({ feature: "b" });
    expect(of("(x+)+y", "({feature}+)+y")).toEqual({ feature: "x" });
  });

  it("answers the longest names at once", () => {
    const started = performance.now();
    expect(of("a".repeat(256), "{feature}a{task}b")).toEqual({});
    expect(of("a".repeat(5_000_000))).toEqual({});
    expect(performance.now() - started).toBeLessThan(500);
  });
});
