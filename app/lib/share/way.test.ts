import { expect, it } from "vitest";
import { waysOf } from "./way.ts";

const slugs = { team: { slug: "acme" }, project: { slug: "main" } };
const member = waysOf(slugs);
const visitor = (redactions: ("cost" | "name")[] = []) =>
  waysOf({ ...slugs, shared: { path: "/s/cfs_x", bearer: "b", views: ["flow", "metrics"], redactions } });

it("leads a member through the project", () => {
  expect(member.view("agents", "agent=a")).toBe("/acme/main/agents?agent=a");
  expect(member.feature("a/b")).toBe("/acme/main/flow/a%2Fb");
  expect(member.task("t 1", null)).toBe("/acme/main/flow?view=loose&task=t%201");
  expect(member.task("t", "f")).toBe("/acme/main/flow/f?task=t");
});

it("[T2] leads a visitor to what his link shows, and nowhere else", () => {
  const { view, feature, task } = visitor();
  expect(view("agents", "agent=a")).toBe("/s/cfs_x?page=agents&agent=a");
  expect(view("flow", "view=all")).toBe("/s/cfs_x?view=all");
  expect([view("events"), view("explore"), view("memory")]).toEqual([null, null, null]);
  expect(visitor(["cost"]).view("budgets")).toBeNull();
  expect(feature("a&b")).toBe("/s/cfs_x?feature=a%26b");
  expect(task("t", "f")).toBe("/s/cfs_x?feature=f&task=t");
  expect(task("t", null, "all")).toBe("/s/cfs_x?view=all&task=t");
});
