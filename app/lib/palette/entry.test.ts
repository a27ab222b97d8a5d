import { describe, expect, it } from "vitest";
import { candidatesOf, find, MAX_FOUND, type Entry } from "./entry.ts";

const entry = (kind: Entry["kind"], label: string, more: Partial<Entry> = {}): Entry => ({
  id: `${kind} ${label}`,
  kind,
  label,
  note: "",
  ...more,
});
const ENTRIES = [
  entry("view", "Task flow"),
  entry("action", "Light theme"),
  entry("project", "gastown"),
  entry("feature", "Task board", { note: "gt-7" }),
  entry("task", "Task board", { note: "gt-7.1", closed: true }),
  entry("task", "Mend the board", { note: "gt-7.2" }),
  entry("agent", "rictus", { note: "coder" }),
];
const labels = (typed: string) =>
  find(candidatesOf(ENTRIES), typed).map(({ kind, label }) => `${kind} ${label}`);

describe("find", () => {
  it("shows views, actions and projects before anything is typed", () => {
    expect(labels(" ")).toEqual(["view Task flow", "action Light theme", "project gastown"]);
  });
  it("finds by the name, by the id and by both", () => {
    expect(labels("rict")).toEqual(["agent rictus"]);
    expect(labels("gt-7.2")).toEqual(["task Mend the board"]);
    expect(labels("mend gt-7")).toEqual(["task Mend the board"]);
    expect(labels("coder")).toEqual(["agent rictus"]);
  });
  it("puts closed work behind open work that fits alike", () => {
    expect(labels("task board")).toEqual(["feature Task board", "task Task board"]);
  });
  it("answers with a bounded number of rows, and with none where nothing fits", () => {
    const many = candidatesOf(Array.from({ length: 500 }, (_, n) => entry("task", `task ${n}`)));
    expect(find(many, "task")).toHaveLength(MAX_FOUND);
    expect(find(many, "zebra")).toEqual([]);
  });
});
