import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, StoredEvent } from "./event.ts";
import { fileMark } from "./file-mark.ts";
import { definitionOf } from "./taxonomy.ts";
import { KNOWN_TYPES } from "./type.ts";
import { redactEvent, type ViewPolicy } from "./view.ts";

const nothing: ViewPolicy = { cost: false, name: false, title: false, text: false };
const everything: ViewPolicy = { cost: true, name: true, title: true, text: true };

/** Injective, and the same for what is an alias already, as a view's must be to be applied twice. */
function alias(name: string): string {
  return name.startsWith("alias:") ? name : `alias:${name}`;
}

const used: StoredEvent = {
  id: "e1",
  seq: 7,
  received_at: "2026-11-22T14:23:16.000Z",
  timestamp: "2026-11-22T14:23:15.120Z",
  event_type: "task_created",
  agent_id: "coder-a",
  agent_role: "coder",
  task_id: "TASK-001",
  metadata: {
    title: "Buy Acme",
    description: "secretly",
    dependencies: ["TASK-000"],
    assignee: "kim",
    files: ["a.ts", "b.ts"],
    priority: 1,
    note: "hm",
  },
  metrics: { estimated_tokens: 5, estimated_duration_ms: 60, mine: 2 },
  source: "api",
  key_id: "k1",
  v: 1,
};

describe("redactEvent", () => {
  it("[T2] hides everything but structure", () => {
    expect(redactEvent(used, everything, alias)).toEqual({
      ...used,
      agent_id: "alias:coder-a",
      key_id: "alias:k1",
      metadata: {
        dependencies: ["TASK-000"],
        assignee: "alias:kim",
        files: ["alias:a.ts", "alias:b.ts"],
        priority: 1,
      },
      metrics: { estimated_duration_ms: 60 },
      file_marks: [expect.any(Number), expect.any(Number)],
    });
  });

  it("[T2] lets nobody try likely names against the marks of the files that it hides", () => {
    const hidden = redactEvent(used, everything, alias);
    const [a, b] = hidden.file_marks ?? [];
    expect(a).not.toBe(b);
    for (const name of ["a.ts", "alias:a.ts"]) expect(hidden.file_marks).not.toContain(fileMark(name));
    const other = redactEvent(used, everything, (name) => `other:${name}`);
    expect(other.file_marks).not.toContain(a);
    expect(redactEvent(used, nothing, alias)).not.toHaveProperty("file_marks");
    expect(redactEvent(hidden, everything, alias)).toEqual(hidden);
  });

  it("hides one thing at a time, and removes what it hides", () => {
    const only = (part: Partial<ViewPolicy>) => redactEvent(used, { ...nothing, ...part }, alias);
    expect(redactEvent(used, nothing, alias)).toEqual(used);
    expect(only({ cost: true }).metrics).toEqual({ estimated_duration_ms: 60 });
    expect(only({ cost: true }).metadata).toEqual(used.metadata);
    expect(Object.keys(only({ title: true }).metadata ?? {})).not.toContain("title");
    expect(Object.keys(only({ text: true }).metadata ?? {})).toEqual([
      "title",
      "dependencies",
      "assignee",
      "files",
      "priority",
    ]);
    expect(only({ name: true }).agent_id).toBe("alias:coder-a");
  });

  it("never shows a secret field, and removes what is no name under a name's key", () => {
    const odd = {
      ...used,
      metadata: { password: "[redacted:field]", assignee: { name: "kim" }, files: ["a", 1, { b: "c" }] },
    };
    expect(redactEvent(odd, nothing, alias).metadata).not.toHaveProperty("password");
    expect(redactEvent(odd, everything, alias).metadata).toEqual({ files: ["alias:a"] });
  });

  it("treats an unknown type as text and cost", () => {
    const unknown = { ...used, event_type: "mine.own" };
    expect(redactEvent(unknown, everything, alias)).toMatchObject({ metadata: {}, metrics: {} });
  });

  const own = (event_type: string, metadata: { [key: string]: Json }): StoredEvent => ({
    ...{ id: "clusterfork:1", seq: 1, v: 2, event_type, agent_id: "clusterfork:lessons", metadata },
    ...{ timestamp: "2026-02-01T00:00:00.000Z", received_at: "2026-02-01T00:00:00.000Z" },
    ...{ source: "clusterfork", key_id: "clusterfork" },
  });
  it.each([
    own("lesson_quarantined", {
      ...{ lesson_id: "l-1", by: "ana" },
      reason: "What the key abcdefghijkl taught, or what rests on its events, is looked at.",
    }),
    own("lessons_purged", { key_id: "abcdefghijkl", by: "ana" }),
    own("lesson_approved", { lesson_id: "l-1", by: "key abcdefghijkl" }),
  ])("[T2] shows no key's id where names are hidden: $event_type", (said) => {
    const short = (name: string) => `anon-${String(name.length)}`;
    const hidden = redactEvent(said, { ...nothing, name: true }, short);
    expect(JSON.stringify(hidden)).not.toContain("abcdefghijkl");
    expect(JSON.stringify(redactEvent(said, nothing, short))).toContain("abcdefghijkl");
  });

  const keys = [
    ...new Set(KNOWN_TYPES.flatMap((event_type) => Object.keys(definitionOf(event_type)?.metadata ?? {}))),
  ];
  const metrics = [
    ...new Set(KNOWN_TYPES.flatMap((event_type) => Object.keys(definitionOf(event_type)?.metrics ?? {}))),
  ];
  const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.jsonValue() as fc.Arbitrary<Json>);
  const event = fc
    .record({
      event_type: fc.oneof(fc.constantFrom(...KNOWN_TYPES), fc.constantFrom("mine.own", "constructor")),
      metadata: fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), value),
      metrics: fc.dictionary(fc.oneof(fc.constantFrom(...metrics), fc.string()), fc.double({ noNaN: true })),
    })
    .map((parts): StoredEvent => ({ ...used, ...parts }));
  const policy = fc.record({
    cost: fc.boolean(),
    name: fc.boolean(),
    title: fc.boolean(),
    text: fc.boolean(),
  });

  it("is idempotent, pure, and adds nothing", () => {
    fc.assert(
      fc.property(event, policy, (source, hidden) => {
        const before = structuredClone(source);
        const once = redactEvent(source, hidden, alias);
        expect(source).toEqual(before);
        expect(redactEvent(once, hidden, alias)).toEqual(once);
        for (const part of ["metadata", "metrics"] as const) {
          for (const key of Object.keys(once[part] ?? {}))
            expect(Object.hasOwn(source[part] ?? {}, key)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("[T2] shows no word that structure does not hold", () => {
    fc.assert(
      fc.property(event, (source) => {
        const marked = {
          ...source,
          metadata: {
            ...source.metadata,
            own_note: "CANARY",
            title: "CANARY",
            message: "CANARY",
            assignee: "CANARY",
          },
        };
        const shown = redactEvent(marked, everything, (name) => `n${name.length}`);
        expect(JSON.stringify(shown)).not.toContain("CANARY");
      }),
    );
  });
});
