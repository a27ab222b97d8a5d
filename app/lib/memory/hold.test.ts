import { describe, expect, it } from "vitest";
import { holdRows, Places } from "./hold.ts";

const row = (id: string, text = "") => ({ id, text });
const hold = (rows: ReturnType<typeof row>[], kept: string[]) => holdRows(rows, kept, ({ id }) => id);

describe("rows that stay put", () => {
  it("keep their order, show what became of them, and count what is new", () => {
    const rows = [row("new"), row("b", "approved"), row("a")];
    expect(hold(rows, ["a", "b"])).toEqual({ shown: [row("a"), row("b", "approved")], fresh: 1 });
  });
  it("go when they are gone", () => {
    expect(hold([row("b")], ["a", "b"])).toEqual({ shown: [row("b")], fresh: 0 });
  });
  it("where none stood there, all stand there at once", () => {
    expect(hold([row("b"), row("a")], [])).toEqual({ shown: [row("b"), row("a")], fresh: 0 });
    expect(hold([row("b")], ["gone"])).toEqual({ shown: [row("b")], fresh: 0 });
    expect(hold([], ["gone"])).toEqual({ shown: [], fresh: 0 });
  });
});

describe("the places of a list", () => {
  const shown = (places: Places<{ id: string }>, ids: string[], of = "all") =>
    places
      .hold(
        ids.map((id) => row(id)),
        of,
      )
      .shown.map(({ id }) => id);
  it("are kept until they are forgotten, or the list is another", () => {
    const places = new Places<{ id: string }>(({ id }) => id);
    expect(shown(places, ["a", "b"])).toEqual(["a", "b"]);
    expect(shown(places, ["c", "b", "a"])).toEqual(["a", "b"]);
    expect(shown(places, ["c", "b", "a"], "skills")).toEqual(["c", "b", "a"]);
    expect(shown(places, ["a", "b", "c"], "skills")).toEqual(["c", "b", "a"]);
    places.forget();
    expect(shown(places, ["a", "b", "c"], "skills")).toEqual(["a", "b", "c"]);
  });
  it("are taken by the first rows that come", () => {
    const places = new Places<{ id: string }>(({ id }) => id);
    expect(shown(places, [])).toEqual([]);
    expect(shown(places, ["a", "b"])).toEqual(["a", "b"]);
    expect(shown(places, ["b", "a"])).toEqual(["a", "b"]);
  });
});
