import { expect, it } from "vitest";
import { pageAt, pageHref, pagesOf } from "./pages.ts";

const at = (query: string, ...views: Parameters<typeof pagesOf>[0]) =>
  pageAt(new URLSearchParams(query), views);

it("[T2] offers and opens only what the link shows", () => {
  const ids = (...given: Parameters<typeof pagesOf>) => pagesOf(...given).map(({ id }) => id);
  expect(ids(["flow"])).toEqual(["flow", "features"]);
  expect(ids(["flow", "events"])).toEqual(["flow", "memory", "features", "explore", "events"]);
  expect(ids(["flow", "metrics", "events"])).toHaveLength(11);
  expect(ids(["flow", "metrics"], ["cost"])).toEqual([
    "flow",
    "executive",
    "agents",
    "metrics",
    "features",
    "alerts",
  ]);
  expect(at("page=metrics", "flow", "history")).toBe("flow");
  expect(at("page=executive", "flow", "metrics")).toBe("executive");
  expect(at("page=executive", "flow", "history")).toBe("flow");
  expect(at("page=../settings", "flow", "metrics")).toBe("flow");
  expect(at("", "flow", "metrics")).toBe("flow");
  expect(at("page=report&feature=f", "flow", "metrics")).toBe("report");
  expect(at("page=report", "flow", "metrics")).toBe("flow");
  expect(at("page=report&feature=f", "flow", "events", "history")).toBe("flow");
});

it("gives each page an address of the link", () => {
  expect(pageHref("/s/cfs_x", "flow")).toBe("/s/cfs_x");
  expect(pageHref("/s/cfs_x", "executive")).toBe("/s/cfs_x?page=executive");
});
