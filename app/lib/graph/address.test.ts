import { describe, expect, it } from "vitest";
import { readAddress, toggleStatus, toggleWave, withoutFilter, withPart } from "./address.ts";

const query = (text: string) => new URLSearchParams(text);

describe("address", () => {
  it("reads what is shown", () => {
    expect(readAddress("gt-csl", query("task=a%20b&status=failed,nonsense,done&waves=2,x,7"))).toEqual({
      scope: { kind: "feature", id: "gt-csl" },
      task: "a b",
      statuses: ["failed", "done"],
      waves: [1, 6],
      text: "",
      agent: null,
      role: null,
      path: false,
    });
    expect(readAddress("f", query("q=a+b&agent=nux&role=qa&path=1"))).toMatchObject({
      ...{ text: "a b", agent: "nux", role: "qa", path: true },
    });
    expect(readAddress(undefined, query("view=all&waves=all"))).toMatchObject({
      scope: { kind: "all" },
      waves: "all",
      task: null,
    });
    expect(readAddress(undefined, query(""))).toMatchObject({ scope: null, statuses: [], waves: [] });
  });
  it("changes one part and keeps the others", () => {
    expect(withPart(query("status=done&task=x"), "task", "y&z")).toBe("?status=done&task=y%26z");
    expect(withPart(query("status=done&task=x"), "task", null)).toBe("?status=done");
    expect(withoutFilter(query("status=done&task=x&q=a&agent=b&role=c&path=1&waves=2"))).toBe(
      "?task=x&waves=2",
    );
    expect(toggleStatus(query(""), [], "failed")).toBe("?status=failed");
    expect(toggleStatus(query("status=failed"), ["failed"], "failed")).toBe("?");
    expect(toggleWave(query("waves=3"), [2], 0)).toBe("?waves=1%2C3");
  });
});
