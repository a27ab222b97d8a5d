import { describe, expect, it } from "vitest";
import type { Json, StoredEvent } from "../../../schema/event/event.ts";
import { seeded } from "../../../schema/metric/statistic/random.ts";
import { MINUTE_MS, written } from "../../insight/work/written.ts";
import type { WorkRecord } from "../../insight/work/record.ts";
import { analyse } from "./analyse.ts";
import { fileType, type FeatureCase } from "./case.ts";
import { MAX_EVIDENCE, PATTERN_RULES, type Pattern, type PatternKind } from "./pattern.ts";
import { recurrences } from "./recurrence.ts";
import { reopenings } from "./reopened.ts";

interface Step {
  type: string;
  task?: string;
  agent?: string;
  minute?: number;
  key?: string;
  metadata?: { [key: string]: Json };
  metrics?: { [key: string]: number };
}
const NOON = Date.UTC(2026, 0, 5, 12);
const log = (...steps: Step[]): StoredEvent[] =>
  steps.map(({ type, task = "T", agent = "coder-a", minute, key = "k", metadata, metrics }, index) => ({
    id: `e${String(index)}`,
    seq: index + 1,
    timestamp: new Date(NOON + (minute ?? index) * MINUTE_MS).toISOString(),
    received_at: new Date(NOON + 1e9).toISOString(),
    event_type: type,
    agent_id: agent,
    task_id: task,
    source: "api",
    key_id: key,
    v: 2,
    ...(metadata === undefined ? {} : { metadata }),
    ...(metrics === undefined ? {} : { metrics }),
  }));
const task = (id: string, more: Partial<WorkRecord> = {}): WorkRecord => ({
  ...written({ minutes: 10 }),
  id,
  title: "Export a room",
  ...more,
});
const feature: WorkRecord = { ...written({ minutes: 60 }), id: "F", is: "feature", title: "Add rooms" };
const look = (events: readonly StoredEvent[], more: Partial<FeatureCase> = {}): Pattern[] =>
  analyse({ feature, tasks: [task("T")], events, is_cut: false, before: [], ...more });
const only = (kind: PatternKind, found: readonly Pattern[]) => found.filter((one) => one.kind === kind);
const repeat = (times: number, step: Step): Step[] => Array.from({ length: times }, () => step);

describe("each pattern speaks from its threshold on, with its evidence, and not before", () => {
  const sent_back = (category: string, task_id = "T"): Step => ({
    type: "reviewer_changes_requested",
    task: task_id,
    metadata: { category, comments: ["Two requests book one room."] },
  });

  it("review: three of the same category, over half of all", () => {
    const found = only("review", look(log(...repeat(3, sent_back("tests")), sent_back("style"))));
    expect(found).toMatchObject([
      {
        evidence: [1, 2, 3],
        effect: { value: 3, samples: 4 },
        facts: { category: "tests", comment_1: "Two requests book one room." },
      },
    ]);
    expect(look(log(...repeat(2, sent_back("tests")), sent_back("style")))).toMatchObject([
      { kind: "review", facts: { reviews: 3 } },
    ]);
    expect(only("review", look(log(...repeat(2, sent_back("tests")))))).toEqual([]);
    const scattered = ["a", "b", "c"].flatMap((id) => [sent_back("tests", id), sent_back("style", id)]);
    expect(only("review", look(log(...scattered)))).toEqual([]);
  });

  it("review: also a tracker's requests to merge that were rejected when the work was closed", () => {
    const rejected = (tracker: string): Step => ({
      type: `${tracker}.merge_request_rejected`,
      metadata: { category: "duplicate work", reason: "no unique commits" },
    });
    const found = only("review", look(log(...repeat(2, rejected("beads")), sent_back("duplicate work"))));
    expect(found).toMatchObject([
      { evidence: [1, 2, 3], facts: { category: "duplicate work", comment_1: "no unique commits" } },
    ]);
    const closed: Step = { type: "beads.merge_request_closed", metadata: { category: "duplicate work" } };
    expect(only("review", look(log(...repeat(3, closed))))).toEqual([]);
  });

  it("retry: attempts used up, with what failed each time", () => {
    const failed: Step = { type: "test_failed", metadata: { error: "expected 2, received 3" } };
    const spent: Step = { type: "retry_budget_exhausted", metrics: { attempts: 3, budget: 3 } };
    expect(only("retry", look(log(failed, failed, spent)))).toMatchObject([
      { evidence: [1, 2, 3], effect: { value: 3, usual: 3 }, facts: { error: "expected 2, received 3" } },
    ]);
    expect(only("retry", look(log(failed, failed)))).toEqual([]);
  });

  it("flaky: one named test that turns twice with nothing changed between", () => {
    const passed: Step = { type: "test_passed", metadata: { name: "reminds once" } };
    const failed: Step = { type: "test_failed", metadata: { name: "reminds once" } };
    const edit: Step = { type: "tool_called", metadata: { tool: "Edit" } };
    const read: Step = { type: "tool_called", metadata: { tool: "Read" } };
    expect(only("flaky", look(log(failed, read, passed, failed)))).toMatchObject([
      { effect: { value: 2 }, facts: { test: "reminds once" }, evidence: [3, 4] },
    ]);
    expect(only("flaky", look(log(failed, edit, passed, edit, failed)))).toEqual([]);
    // Other tests, and other tasks, are other work.
    const named = (name: string): Step => ({ type: "test_failed", metadata: { name } });
    expect(only("flaky", look(log(passed, named("b"), passed, named("c"))))).toEqual([]);
    expect(
      only("flaky", look(log(passed, { ...failed, task: "U" }, passed, { ...failed, task: "U" }))),
    ).toEqual([]);
    expect(only("flaky", look(log({ ...failed, metadata: { name: "x", flaky: true } })))).toHaveLength(1);
  });

  it("contention: three refusals of a path, or long waiting for it", () => {
    const refused: Step = {
      type: "lock_conflict",
      agent: "coder-b",
      metadata: { path: "server/routes.ts", holder_agent_id: "coder-a" },
    };
    const taken: Step = { type: "file_locked", agent: "coder-b", metadata: { path: "server/routes.ts" } };
    expect(only("contention", look(log(...repeat(3, refused))))).toMatchObject([
      { facts: { path: "server/routes.ts", agents: 2 }, time_ms: null },
    ]);
    expect(only("contention", look(log(refused, { ...taken, minute: 20 })))).toMatchObject([
      { time_ms: 20 * MINUTE_MS },
    ]);
    expect(only("contention", look(log(refused, { ...taken, minute: 14 })))).toEqual([]);
  });

  it("context: a full window in two tasks that came back, or in one that failed for good", () => {
    const full = (id: string): Step => ({
      type: "context_window_filled",
      task: id,
      metrics: { used_tokens: 180_000 },
    });
    const back = (id: string): Step => ({ type: "reviewer_changes_requested", task: id });
    const tasks = [task("T"), task("U")];
    expect(only("context", look(log(full("T"), back("T"), full("U"), back("U")), { tasks }))).toMatchObject([
      { tasks: ["T", "U"], effect: { value: 2, samples: 2 }, facts: { used_tokens: 180_000 } },
    ]);
    expect(only("context", look(log(full("T"), back("T")), { tasks }))).toEqual([]);
    expect(only("context", look(log(back("T"), full("T"), back("U"), full("U")), { tasks }))).toEqual([]);
    expect(
      only(
        "context",
        look(log(full("T"), { type: "task_failed" }), { tasks: [task("T", { outcome: "failed" })] }),
      ),
    ).toHaveLength(1);
  });

  it("loop: ten of twenty calls alike", () => {
    const call: Step = { type: "tool_called", metadata: { tool: "Bash", command: "make" } };
    expect(only("loop", look(log(...repeat(12, call))))).toMatchObject([
      { facts: { tool: "Bash" }, time_ms: 11 * MINUTE_MS },
    ]);
    expect(only("loop", look(log(...repeat(9, call))))).toEqual([]);
  });

  it("clarification: a question that stopped work for ten minutes, or in two tasks", () => {
    const asked = (id = "T"): Step => ({
      type: "clarification_requested",
      task: id,
      metadata: { question: "Is empty an error?", about_role: "architect" },
    });
    const waits: Step[] = [asked(), { type: "task_blocked" }];
    expect(
      only("clarification", look(log(...waits, { type: "task_unblocked", agent: "lead", minute: 17 }))),
    ).toMatchObject([
      { time_ms: 17 * MINUTE_MS, facts: { question: "Is empty an error?", role: "architect" } },
    ]);
    expect(only("clarification", look(log(...waits, { type: "task_unblocked", minute: 9 })))).toEqual([]);
    expect(only("clarification", look(log(asked(), asked("U"))))).toMatchObject([{ tasks: ["T", "U"] }]);
  });

  it("defect: three in one type of file, more than its share of the files explains", () => {
    const lint = (...files: string[]): Step => ({
      type: "lint_error_found",
      metadata: { files, rule: "no-floating" },
    });
    const files = ["a.svelte", ...Array.from({ length: 9 }, (_, index) => `${String(index)}.ts`)];
    const tasks = [task("T", { files })];
    expect(only("defect", look(log(...repeat(3, lint("a.svelte"))), { tasks }))).toMatchObject([
      {
        facts: { what: "lint", type: ".svelte", rules: "no-floating" },
        effect: { value: 3, usual: expect.closeTo(0.3) as number },
      },
    ]);
    expect(only("defect", look(log(...repeat(3, lint("1.ts"))), { tasks }))).toEqual([]);
    expect(only("defect", look(log(...repeat(2, lint("a.svelte"))), { tasks }))).toEqual([]);
  });

  it("handoff: handed over and back, twice", () => {
    const hand = (from_agent: string, to_agent: string): Step => ({
      type: "handoff",
      metadata: { from_agent, to_agent },
    });
    const [there, back] = [hand("planner", "coder"), hand("coder", "planner")];
    expect(only("handoff", look(log(there, back, there, back)))).toMatchObject([
      { facts: { from: "planner", to: "coder" } },
    ]);
    expect(only("handoff", look(log(there, back)))).toEqual([]);
  });

  it("reopened: after it was finished, with why, and not a new attempt after a failure", () => {
    const done: Step = { type: "task_completed", metadata: { reason: "Closed" } };
    const again: Step = { type: "task_reopened", metadata: { reason: "the export is empty" } };
    expect(
      only("reopened", look(log(done, again, { ...done, metadata: { reason: "Merged" } }))),
    ).toMatchObject([
      { evidence: [1, 2, 3], facts: { claimed: "Closed", reason: "the export is empty", missing: "Merged" } },
    ]);
    expect(only("reopened", look(log({ type: "task_failed" }, again)))).toEqual([]);
  });

  it("reopened: with what was missing, by its note or the words that closed it in the end", () => {
    const done = (reason: string): Step => ({ type: "task_completed", metadata: { reason } });
    const again: Step = { type: "task_reopened" };
    const noted: Step = { type: "gastown.noted", metadata: { text: "Fixed three kinds of flakiness." } };
    const missing = (...steps: Step[]) => only("reopened", look(log(...steps)))[0]?.facts["missing"];
    expect(missing(done("Closed"), again, noted, done("Closed"))).toBe("Fixed three kinds of flakiness.");
    expect(missing(done("Passes now"), again, noted, done("All output goes to stderr"))).toBe(
      "All output goes to stderr",
    );
    expect(missing(done("Closed"), again, done("Done."))).toBe("Done.");
    expect(missing(noted, done("Closed"), again, done("Closed"))).toBeUndefined();
    // What differed is known where both say something.
    const differed = (claimed: string, came: string) =>
      only("reopened", look(log(done(claimed), again, done(came))))[0]?.facts["differed"];
    expect(differed("Passes now, verified", "Warnings went to stdout: all go to stderr now")).toBe(
      "Warnings went to stdout: all go to stderr now",
    );
    expect(differed("Closed", "Warnings went to stdout: all go to stderr now")).toBeUndefined();
    expect(
      differed("Passes now, verified", "Merged to main in commit abc1234 by the refinery"),
    ).toBeUndefined();
    expect(
      differed("Passes now, verified", "no-changes: already merged to main by somebody"),
    ).toBeUndefined();
  });

  it("wordless: what was opened again had been closed without a word, more often than all the rest", () => {
    const close = (id: string, reason: string): Step => ({
      type: "task_completed",
      task: id,
      metadata: { reason },
    });
    const reopen = (id: string): Step => ({ type: "task_reopened", task: id });
    const others = (silent: number) =>
      Array.from({ length: 40 }, (_, n) => close(`o${String(n)}`, n < silent ? "Closed" : "Merged as abc"));
    const opened = ["a", "b", "c", "d"].flatMap((id) => [close(id, "Closed"), reopen(id)]);
    expect(only("wordless", look(log(...others(4), ...opened)))).toMatchObject([
      { tasks: ["a", "b", "c", "d"], effect: { value: 4, samples: 4 } },
    ]);
    // As silent as all the others, too few others, or closed with words: nothing.
    expect(only("wordless", look(log(...others(30), ...opened)))).toEqual([]);
    expect(only("wordless", look(log(...others(4).slice(0, 20), ...opened)))).toEqual([]);
    const told = ["a", "b", "c", "d"].flatMap((id) => [close(id, "Merged as def"), reopen(id)]);
    expect(only("wordless", look(log(...others(4), ...told)))).toEqual([]);
  });

  it("wordless: speaks of ordinary work as rarely as it says", () => {
    const random = seeded(11);
    let said = 0;
    const runs = 2_000;
    for (let run = 0; run < runs; run++) {
      const share = 0.1 + random() * 0.6;
      const close = (id: string): Step => ({
        type: "task_completed",
        task: id,
        metadata: { reason: random() < share ? "Closed" : "Merged as abc" },
      });
      const steps = Array.from({ length: 30 + Math.floor(random() * 60) }, (_, n) => close(`o${String(n)}`));
      for (let n = 0; n < 3 + Math.floor(random() * 10); n++)
        steps.push(close(`r${String(n)}`), { type: "task_reopened", task: `r${String(n)}` });
      said += only(
        "wordless",
        reopenings({ feature, tasks: [], events: log(...steps), is_cut: false, before: [] }),
      ).length;
    }
    expect(said / runs).toBeLessThanOrEqual(PATTERN_RULES.wordless.false_alarm);
  });

  it("cause: a sentence that names one, and not a pointer elsewhere nor a guess", () => {
    const closed = (reason: string): Step => ({ type: "task_completed", metadata: { reason } });
    const told = "Fixed. The root cause was a missing id in the template.\nMore text.";
    const why = (...steps: Step[]) => only("cause", look(log(...steps)))[0]?.facts["cause"];
    expect(why(closed(told))).toBe("The root cause was a missing id in the template.");
    expect(why(closed(`Duplicate of x-1. ${told}`))).toBeUndefined();
    expect(why(closed("root cause: unknown"))).toBeUndefined();
    expect(why(closed("The root cause is probably the pool of connections."))).toBeUndefined();
    expect(why(closed("This is the root cause of the wisp pollution that we saw."))).toBeUndefined();
    expect(why(closed("Root Cause Analysis: Problem: sessions were not exiting properly."))).toBeUndefined();
    expect(why(closed("## Root Cause\n\nThe registry changed its default, and its test did not."))).toBe(
      "Root Cause: The registry changed its default, and its test did not.",
    );
    expect(
      why(closed("## Root Cause candidates\n\nThe registry, or the socket that it was given.")),
    ).toBeUndefined();
  });

  it("cause: from notes and comments, and from the report of a bug that was finished with a change", () => {
    const report: Step = {
      type: "task_created",
      metadata: { description: "It fails.\n\nRoot cause: the name of the socket is taken from the town." },
    };
    const done = (reason = "Closed"): Step => ({ type: "task_completed", metadata: { reason } });
    const note: Step = {
      type: "beads.noted",
      metadata: { text: "Root cause: the cache was keyed by path and not by team." },
    };
    const bug = { tasks: [task("T", { kind: "bug" })] };
    const why = (steps: Step[], more: Partial<FeatureCase> = bug) =>
      only("cause", look(log(...steps), more))[0]?.facts["cause"];
    expect(why([report, done()])).toBe("Root cause: the name of the socket is taken from the town.");
    expect(why([report, note, done()])).toBe("Root cause: the cache was keyed by path and not by team.");
    expect(why([report, done()], { tasks: [task("T", { kind: "feature" })] })).toBeUndefined();
    expect(why([report])).toBeUndefined();
    // Without a title nobody could tell when to think of it.
    expect(why([report, done()], { tasks: [task("T", { kind: "bug", title: "" })] })).toBeUndefined();
    expect(why([report, done("Duplicate of T-1")])).toBeUndefined();
    const [found] = only("cause", look(log(report, note, done()), bug));
    expect(found).toMatchObject({ evidence: [2, 3], facts: { said: "while it was worked on" } });
  });

  it("cause: in the words of who took part in the work, and of anybody else only to be looked at first", () => {
    const other = "Root cause: the other key was never asked what it knows of rooms.";
    const own = "Root cause: the cache was keyed by path and not by team.";
    const begun: Step[] = [{ type: "task_created" }, { type: "task_claimed", key: "k2" }];
    const done: Step = { type: "task_completed", key: "k2" };
    const note = (key: string, text: string): Step => ({ type: "beads.noted", key, metadata: { text } });
    const said = (key: string, reason: string): Step => ({
      type: "task_completed",
      key,
      metadata: { reason },
    });
    const why = (...steps: Step[]) =>
      only("cause", look(log(...steps))).map(({ facts, is_unvouched }) => [facts["cause"], is_unvouched]);
    expect(why(...begun, done, note("k2", own))).toEqual([[own, undefined]]);
    expect(why(...begun, done, note("k", own))).toEqual([[own, undefined]]);
    expect(why(...begun, done, note("mallory", other))).toEqual([[other, true]]);
    expect(why(...begun, done, said("mallory", other))).toEqual([[other, true]]);
    // Also where it says so first, or takes part when all is done.
    expect(why(...begun, said("mallory", other))).toEqual([[other, true]]);
    expect(why(...begun, done, { type: "task_claimed", key: "mallory" }, said("mallory", other))).toEqual([
      [other, true],
    ]);
    // Theirs come first, however late.
    expect(why(...begun, note("k2", own), done, said("mallory", other))).toEqual([[own, undefined]]);
    expect(why(...begun, said("k2", own), said("mallory", "Duplicate of T-1"))).toEqual([[own, undefined]]);
    // Whoever reviewed it took part.
    expect(why(...begun, { type: "reviewer_approved", key: "k3" }, done, note("k3", own))).toEqual([
      [own, undefined],
    ]);
    // Where nothing else is known of it, who closed it speaks.
    expect(why(said("k9", own))).toEqual([[own, undefined]]);
  });

  it("reopened, wordless: what is told again of the same instant under another id is one", () => {
    const closed = (minute: number, reason = "Closed"): Step => ({
      ...{ type: "task_completed", minute },
      metadata: { reason },
    });
    const again: Step = { type: "task_reopened", minute: 10, metadata: { reason: "The door stays shut." } };
    const [first, second] = [closed(1), closed(10)];
    expect(only("reopened", look(log(first, second, again, second, again, second, again)))).toMatchObject([
      { effect: { value: 1 }, evidence: [2, 3] },
    ]);
    // Nor is what was told of before mended by it.
    const [open] = only("reopened", look(log(first, again, first)));
    expect(open).toMatchObject({ time_ms: null, evidence: [1, 2] });
    expect(only("reopened", look(log(first, again, closed(11), { ...again, minute: 12 })))).toMatchObject([
      { effect: { value: 2 } },
    ]);
  });

  it("redone: three tasks that had nothing left to do, or were filed twice, and a twentieth of all", () => {
    const close = (n: number, reason: string): Step => ({
      type: "task_completed",
      task: `T${String(n)}`,
      metadata: { reason },
    });
    const done = [1, 2, 3].map((n) => close(n, "no-changes: work already merged to main (abc)"));
    const filed = [4, 5, 6].map((n) => close(n, `Duplicate of T${String(n - 3)}`));
    const tasks = [1, 2, 3, 4, 5, 6].map((n) => task(`T${String(n)}`));
    const found = only("redone", look(log(...done, ...filed), { tasks }));
    expect(found.map(({ facts, evidence, tasks: ids }) => [facts["why"], evidence, ids])).toEqual([
      ["done already", [1, 2, 3], ["T1", "T2", "T3"]],
      ["duplicate", [4, 5, 6], ["T4", "T5", "T6"]],
    ]);
    expect(found[0]?.time_ms).toBe(30 * MINUTE_MS);
    expect(only("redone", look(log(...done.slice(1), ...filed.slice(1)), { tasks }))).toEqual([]);
    const many = Array.from({ length: 70 }, (_, n) => close(n + 10, "Merged"));
    expect(only("redone", look(log(...done, ...many), { tasks }))).toEqual([]);
    // Rounds of inspection find nothing most of the time.
    const rounds = [1, 2, 3].map((n) => close(n, "patrol cycle complete: no changes needed"));
    expect(only("redone", look(log(...rounds), { tasks }))).toEqual([]);
  });

  it("recurrence: three tasks about one test, and whether it came back after it was mended", () => {
    const filed = (n: number, more: Partial<WorkRecord> = {}) =>
      task(`T${String(n)}`, {
        title: `Pre-existing failure: TestBooksOnce in internal/rooms (${String(n)})`,
        created_at: NOON + n * 60 * MINUTE_MS,
        closed_at: NOON + (n * 60 + 30) * MINUTE_MS,
        ...more,
      });
    const closed = [1, 2, 3].map((n): Step => ({ type: "task_completed", task: `T${String(n)}` }));
    const tasks = [filed(1), filed(2), filed(3)];
    expect(only("recurrence", look(log(...closed), { tasks }))).toMatchObject([
      { effect: { value: 3 }, evidence: [1, 2, 3], facts: { test: "TestBooksOnce", mended: 2 } },
    ]);
    // What ended before counts too; nothing of another test, and nothing that is only named twice.
    const later = { tasks: tasks.slice(2), before: tasks.slice(0, 2) };
    // Whether it was mended then, nobody reads: it may have been closed as a duplicate.
    expect(only("recurrence", look(log(...closed.slice(2)), later)).map(({ facts }) => facts)).toEqual([
      { test: "TestBooksOnce" },
    ]);
    expect(only("recurrence", look(log(...closed), { tasks: tasks.slice(1) }))).toEqual([]);
    expect(only("recurrence", look([], { tasks: [], before: tasks }))).toEqual([]);
    // Filed three times at once, and closed as duplicates: never mended.
    const duplicates = closed.map((step) => ({ ...step, metadata: { reason: "Duplicate of T0" } }));
    expect(only("recurrence", look(log(...duplicates), { tasks }))[0]?.facts).toEqual({
      test: "TestBooksOnce",
    });
  });

  it("recurrence: reads each event once, however many tests are named, and takes few names of one title", () => {
    const named = Array.from({ length: 400 }, (_, n) => `TestNamed${String(n).padStart(4, "0")}`);
    const tasks = named.flatMap((name, n) =>
      [0, 1, 2].map((time) =>
        task(`T${String(3 * n + time)}`, {
          title: `${name} fails`,
          created_at: NOON + (3 * n + time) * MINUTE_MS,
        }),
      ),
    );
    const list = [20, 21, 22].map((n) => task(`L${String(n)}`, { title: `fix ${named.join(" ")}` }));
    let reads = 0;
    const told = log(...tasks.map(({ id }): Step => ({ type: "task_completed", task: id }))).map((event) =>
      Object.defineProperty({ ...event }, "task_id", {
        get: () => {
          reads++;
          return event.task_id;
        },
      }),
    );
    const found = recurrences({
      ...{ feature, tasks, events: told, is_cut: false, before: list },
    });
    expect(found).toHaveLength(named.length);
    // Of those lists the first names count, and no other.
    expect(found.filter(({ effect }) => effect.value > 3)).toHaveLength(8);
    expect(found.at(-1)).toMatchObject({
      ...{ tasks: ["T1197", "T1198", "T1199"], evidence: [1198, 1199, 1200] },
      facts: { test: "TestNamed0399" },
    });
    expect(reads).toBeLessThanOrEqual(2 * told.length);
  });

  it("outlier and better: far from its like on a logarithm, and better only with a trait that is rare", () => {
    const random = seeded(3);
    const like = Array.from({ length: 60 }, (_, index) =>
      task(`old-${String(index)}`, {
        closed_at: written({ minutes: 1 }).closed_at,
        ...minutes(8 + random() * 6),
      }),
    );
    const slow = task("T", minutes(200));
    expect(only("outlier", look([], { tasks: [slow], before: like }))).toMatchObject([
      { effect: { unit: "ms", samples: 60 }, facts: { measure: "work" } },
    ]);
    expect(look([], { tasks: [task("T", minutes(12))], before: like })).toEqual([]);
    expect(look([], { tasks: [slow], before: like.slice(0, 9) })).toEqual([]);
    const fast = task("T", { ...minutes(0.5), agent_id: "coder-z" });
    expect(only("better", look([], { tasks: [fast], before: like }))).toMatchObject([
      { is_good: true, facts: { trait: "it was done by “coder-z”", trait_share: 0 } },
    ]);
    const plain = like.map((one) => ({ ...one, agent_id: "coder-z" }));
    expect(look([], { tasks: [fast], before: plain })).toEqual([]);
  });
});

const minutes = (count: number): Partial<WorkRecord> => {
  const { started_at, closed_at } = written({ minutes: count });
  return { started_at, closed_at };
};

describe("the analyst", () => {
  it("finds nothing in nothing", () => {
    expect(look([], { tasks: [] })).toEqual([]);
    expect(look(log({ type: "task_created" }, { type: "task_completed" }))).toEqual([]);
  });

  it("says the same twice, with few seqs in order, of a feature of 200 tasks", () => {
    const random = seeded(9);
    const types = [
      "test_failed",
      "reviewer_rejected",
      "lock_conflict",
      "tool_called",
      "context_window_filled",
      "handoff",
    ];
    const steps = Array.from({ length: 15_000 }, (): Step => {
      const draw = (count: number) => Math.floor(random() * count);
      return {
        type: types[draw(types.length)] ?? "",
        task: `t${String(draw(200))}`,
        agent: `a${String(draw(8))}`,
        metadata: {
          path: `p${String(draw(5))}`,
          name: "n",
          category: "c",
          tool: "Bash",
          command: "x",
          to_agent: `a${String(draw(8))}`,
        },
      };
    });
    const tasks = Array.from({ length: 200 }, (_, index) => task(`t${String(index)}`));
    const events = log(...steps);
    const found = look(events, { tasks });
    expect(look(events, { tasks })).toEqual(found);
    expect(found.length).toBeGreaterThan(5);
    for (const { evidence, kind } of found) {
      expect(evidence.length).toBeLessThanOrEqual(MAX_EVIDENCE);
      expect(evidence).toEqual(evidence.toSorted((a, b) => a - b));
      expect(PATTERN_RULES[kind].false_alarm).toBeLessThanOrEqual(0.05);
    }
  });

  it("tells types of files by their ending", () => {
    expect(["a/b.test.ts", ".env", "Makefile", "x.SVELTE", "a.b/c", "evil.<b>"].map(fileType)).toEqual([
      ".ts",
      null,
      null,
      ".svelte",
      null,
      null,
    ]);
  });
});
