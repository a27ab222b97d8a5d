import { describe, expect, it } from "vitest";
import { arrange, isCurrent, viewsOf, type ViewLink } from "./views.ts";

const view = (name: string, key: string | null): ViewLink => ({
  title: "",
  name,
  path: `/t/p/${name}`,
  href: `/t/p/${name}`,
  key,
});

describe("viewsOf", () => {
  it("gives each view its address, and no digit to two", () => {
    const views = viewsOf({ team: "a team", project: "p" });
    expect(views.find(({ title }) => title === "COO")).toMatchObject({ path: "/a%20team/p/flow", key: "2" });
    const keys = views.flatMap(({ key }) => (key === null ? [] : [key]));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("arrange", () => {
  const views = ["1", "2", "3", "4", "5", null, null].map((key, index) => view(`v${index}`, key));

  it("keeps those with a digit in the open, and the rest behind More", () => {
    const { open, more } = arrange(views, 5);
    expect(open.map(({ key }) => key)).toEqual(["1", "2", "3", "4", "5"]);
    expect(more.map(({ name }) => name)).toEqual(["v5", "v6"]);
    expect(arrange(views, 4).more.map(({ name }) => name)).toEqual(["v4", "v5", "v6"]);
  });

  it("hides nothing alone behind a button", () => {
    expect(arrange(views.slice(0, 6), 5).more).toEqual([]);
    expect(arrange(views.slice(0, 6), 5).open).toHaveLength(6);
  });
});

it("knows which view is on screen", () => {
  expect(isCurrent(view("flow", null), "/t/p/flow")).toBe(true);
  expect(isCurrent(view("flow", null), "/t/p/flow/a-feature")).toBe(true);
  expect(isCurrent(view("flow", null), "/t/p/flows")).toBe(false);
});
