import { describe, expect, it } from "vitest";
import { isFiltered, matches, readFilter, withFilter } from "./filter.ts";
import { makeEvent } from "./testing.ts";

const event = makeEvent(1, {
  event_type: "task_failed",
  agent_id: "slit",
  task_id: "t1",
  feature_id: "f1",
  metadata: { reason: "Go vet found 3 errors" },
});
const passes = (query: string) => matches(event, readFilter(new URLSearchParams(query)));

describe("filter", () => {
  it.each([
    "",
    "category=lifecycle",
    "type=task_failed",
    "agent=slit",
    "task=t1",
    "feature=f1",
    "text=VET",
    "text=vet%20slit",
    "agent=slit&text=errors",
  ])("lets through what matches %j", (query) => expect(passes(query)).toBe(true));
  it.each([
    "category=agent",
    "type=task_fail",
    "agent=sli",
    "task=t",
    "feature=f2",
    "text=vex",
    "text=vet%20nux",
    "agent=slit&task=t2",
  ])("keeps back what does not match %j", (query) => expect(passes(query)).toBe(false));
  it("an unknown category filters nothing", () => {
    expect(isFiltered(readFilter(new URLSearchParams("category=nonsense")))).toBe(false);
    expect(isFiltered(readFilter(new URLSearchParams("text=a")))).toBe(true);
  });
  it("is written into the address and out of it", () => {
    const query = new URLSearchParams("event=7&agent=slit");
    expect(withFilter(query, "task", "a/b")).toBe("?event=7&agent=slit&task=a%2Fb");
    expect(withFilter(query, "agent", "")).toBe("?event=7");
    expect(withFilter(new URLSearchParams("agent=slit"), "agent", null)).toBe("?");
  });
});
