import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalise } from "../../../schema/event/normalise.ts";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { GITHUB_EVENTS } from "../../../schema/wire/hook.ts";
import { DEFAULT_INTAKE } from "../../../schema/wire/intake.ts";
import type { Adapted, IntakeContext } from "../adapter.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { sha256Hex } from "../hash.ts";
import {
  at,
  BODY_CANARY,
  checkRun,
  issue,
  linkedDeliveries,
  pullRequest,
  push,
  recordedDeliveries,
  review,
  workflowRun,
} from "./deliveries.test-data.ts";
import { adaptGitHub, type GitHubDelivery } from "./github.ts";

const context: IntakeContext = {
  now_ms: Date.UTC(2026, 10, 22),
  settings: DEFAULT_INTAKE,
  sha256: sha256Hex,
};
const adapt = (delivery: GitHubDelivery): Adapted => adaptGitHub(delivery, context);
const typesOf = (delivery: GitHubDelivery) => adapt(delivery).events.map(({ event_type }) => event_type);
const only = (delivery: GitHubDelivery, event_type: string): OutgoingEvent => {
  const [found, ...more] = adapt(delivery).events.filter((event) => event.event_type === event_type);
  expect(more).toEqual([]);
  if (found === undefined) throw new Error(`no ${event_type}`);
  return found;
};

const OWN = "gh-octo-org.hello-world-12";

/** What the agents of TASK-7 say of it themselves, before, while and after GitHub does. */
const native: OutgoingEvent[] = (
  [
    [-10, "task_created", "planner", { title: "Greet", priority: 2 }],
    [-9, "task_claimed", "coder-a", {}],
    [-8, "task_started", "coder-a", {}],
    [-7, "task_progress", "coder-a", { progress: 0.4 }],
    [-6, "task_blocked", "coder-a", { reason: "no key" }],
    [-5, "task_created", "planner", { title: "Greet warmly" }],
    [-4, "task_unblocked", "planner", {}],
    [-1, "agent_submitted", "coder-a", {}],
    [7, "task_progress", "coder-a", { percent: 80 }],
    [9, "reviewer_rejected", "reviewer-b", {}],
    [10, "coder_resubmitted", "coder-a", {}],
    [13, "task_completed", "coder-a", {}],
  ] as const
).map(([minute, event_type, agent_id, metadata]) => ({
  id: `native-${minute}`,
  timestamp: at(minute),
  event_type,
  agent_id,
  task_id: "TASK-7",
  feature_id: "add-greeting",
  metadata,
}));

/** As the room does: known ids are dropped, the rest is folded in the order of arrival. */
function foldOf(...arrived: readonly (GitHubDelivery | OutgoingEvent)[][]): ProjectState {
  const state = createState();
  const seen = new Set<string>();
  for (const event of arrived.flat().flatMap((one) => ("payload" in one ? adapt(one).events : [one]))) {
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    const result = normalise(event, {
      source: "github",
      key_id: "k",
      mintId: () => "minted",
      sha256Hex,
      pseudonym: () => "p",
    });
    if (!result.ok) throw new Error(`${event.id}: ${result.message}`);
    const received_at = new Date(context.now_ms + seen.size).toISOString();
    apply(state, { seq: seen.size, received_at, ...result.event } satisfies StoredEvent);
  }
  return state;
}

/**
 * All but what arrival defines, as `schema/state/README.md` says: the places in the log, and what an agent
 * is asked when the event comes (its current task, what it finished).
 */
function told(state: ProjectState) {
  const plain = <T extends { id: string }>(entries: Map<string, T>[]) =>
    entries
      .flatMap((map) => [...map.values()])
      .map((entry) => ({ ...entry, first_seq: 0, last_seq: 0 }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    time: state.time,
    tasks: plain<Task>([state.open_tasks, state.closed_tasks]),
    features: plain<Feature>([state.open_features, state.closed_features]),
    agents: plain([state.agents]).map((agent) => ({
      ...agent,
      ...{ current_task: null, tasks_completed: 0, tasks_failed: 0 },
    })),
    by_type: [...state.counters.by_type].toSorted(),
  };
}

/** Any order, some of them twice. */
const shuffled = <One>(deliveries: One[]) =>
  fc
    .tuple(
      fc.shuffledSubarray(deliveries, { minLength: deliveries.length }),
      fc.subarray(deliveries),
      fc.nat({ max: deliveries.length }),
    )
    .map(([all, again, place]) => [...all.slice(0, place), ...again, ...all.slice(place)]);

describe("recorded deliveries in any order, some of them twice", () => {
  it("[L2] end in the same state: a pull request and an issue of their own, to the last field", () => {
    const expected = told(foldOf(recordedDeliveries()));
    expect(expected.features.map(({ id, title, status }) => [id, title, status])).toEqual([
      [OWN, "Add a warm greeting", "merged"],
      ["gh-octo-org.hello-world-13", "Add a greeting", "abandoned"],
    ]);
    expect(expected.tasks.map(({ id, status }) => [id, status])).toEqual([
      ["TASK-9", "merged"],
      ["gh-octo-org.hello-world-31", "done"],
    ]);
    fc.assert(
      fc.property(shuffled(recordedDeliveries()), (order) => {
        expect(told(foldOf(order))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("[L2] end in the same state of a task that its own agents tell of too", () => {
    const expected = told(foldOf(linkedDeliveries(), native));
    expect(expected.tasks).toMatchObject([
      {
        id: "TASK-7",
        feature_id: "add-greeting",
        title: "Greet warmly",
        status: "merged",
        assignee: "coder-a",
        attempts: 1,
        claimed_at: Date.parse(at(-9)),
        started_at: Date.parse(at(-8)),
        submitted_at: Date.parse(at(-1)),
        merged_at: Date.parse(at(12)),
        approved: true,
        review_cycles: 2,
        tests_passed: 1,
        tests_failed: 1,
      },
    ]);
    fc.assert(
      fc.property(shuffled([...linkedDeliveries(), ...native]), (order) => {
        expect(told(foldOf(order))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("[L2] end in the newest title, and closed or open as the newest of both says", () => {
    const retitled = (updated: number, title: string) =>
      pullRequest("edited", { updated, title }, { changes: { title: { from: "x" } } });
    const [second, third] = [retitled(2, "Second"), retitled(3, "Third")];
    const titleOf = (order: GitHubDelivery[]) => told(foldOf(order)).features[0]?.title;
    expect(titleOf([second, third])).toBe("Third");
    expect(titleOf([third, second])).toBe("Third");
    const closed = pullRequest("closed", { updated: 2, closed: 2 });
    const reopened = pullRequest("reopened", { updated: 3 });
    const statusOf = (order: GitHubDelivery[]) => told(foldOf(order)).features[0]?.status;
    expect(statusOf([closed, reopened])).toBe("in_progress");
    expect(statusOf([reopened, closed])).toBe("in_progress");
    const merged = pullRequest("closed", { updated: 4, closed: 4, merged: 4 });
    for (const order of [
      [closed, reopened, merged],
      [merged, reopened, closed],
      [reopened, merged, closed],
    ])
      expect(told(foldOf(order)).features[0]).toMatchObject({
        status: "merged",
        closed_at: Date.parse(at(4)),
      });
  });

  it("[L2] one id is one event: every delivery again gives the same", () => {
    const by_id = new Map<string, string>();
    for (const delivery of [...recordedDeliveries(), ...linkedDeliveries()]) {
      expect(adapt(structuredClone(delivery))).toEqual(adapt(delivery));
      for (const event of adapt(delivery).events) {
        expect(event.id.length).toBeLessThanOrEqual(128);
        // The title may have been edited between two deliveries; the first one that comes is kept.
        const told_once = JSON.stringify({ ...event, metadata: { ...event.metadata, title: "" } });
        expect(by_id.get(event.id) ?? told_once).toBe(told_once);
        by_id.set(event.id, told_once);
      }
    }
  });
});

describe("a pull request", () => {
  it("without a link is a feature of its own, with its title", () => {
    const { events } = adapt(pullRequest("opened"));
    expect(events.map(({ event_type }) => event_type)).toEqual([
      "feature_requested",
      "feature_started",
      "review_requested",
    ]);
    expect(events[0]).toMatchObject({
      feature_id: OWN,
      agent_id: "github:alice",
      metadata: { title: "Add a greeting", kind: "pull_request", requested_by: "github:alice" },
    });
  });

  it("is linked by its branch, and keeps its title to itself", () => {
    const { events } = adapt(pullRequest("opened", { branch: "add-auth/TASK-7" }));
    expect(events).toMatchObject([
      { event_type: "review_requested", feature_id: "add-auth", task_id: "TASK-7" },
    ]);
    expect(JSON.stringify(events)).not.toContain("greeting");
  });

  it("is linked by a trailer in its body, which says more than the branch", () => {
    const body = "Words.\r\n\r\nClusterfork-Task: TASK-8\r\nclusterfork-feature: greet\r\n";
    const { events } = adapt(pullRequest("opened", { body, branch: "add-auth/TASK-7" }));
    expect(events).toMatchObject([{ feature_id: "greet", task_id: "TASK-8" }]);
  });

  it("from a fork of somebody unknown cannot link itself", () => {
    const body = "Clusterfork-Task: TASK-8";
    const stranger = adapt(pullRequest("opened", { body, branch: "add-auth/TASK-7", fork: true }));
    expect(stranger.events.map(({ feature_id, task_id }) => [feature_id, task_id])).toEqual(
      Array(3).fill([OWN, undefined]),
    );
    const member = pullRequest("opened", { branch: "add-auth/TASK-7", fork: true, association: "MEMBER" });
    expect(adapt(member).events).toMatchObject([{ task_id: "TASK-7" }]);
  });

  it("merges its task, with what changed", () => {
    const options = { branch: "add-auth/TASK-7", updated: 12, closed: 12, merged: 12 };
    expect(only(pullRequest("closed", options), "task_merged")).toMatchObject({
      agent_id: "github:bob",
      timestamp: new Date(Date.parse(at(12))).toISOString(),
      metadata: { pull_request: "octo-org/hello-world#12", branch: "add-auth/TASK-7" },
      metrics: { files_changed: 3, insertions: 30, deletions: 4, duration_ms: 12 * 60_000 },
    });
    expect(typesOf(pullRequest("closed", { ...options, base: "add-auth" }))).toEqual(["task_completed"]);
    expect(typesOf(pullRequest("closed", { closed: 3, merged: 3 }))).toContain("feature_merged");
    expect(adapt(pullRequest("closed", { branch: "add-auth/TASK-7", closed: 3 }))).toMatchObject({
      events: [],
      ignored: { "pull_request closed": 1 },
    });
  });

  it("asks for no review while it is a draft", () => {
    const draft = { draft: true, branch: "add-auth/TASK-7" };
    expect(typesOf(pullRequest("opened", draft))).toEqual([]);
    expect(typesOf(pullRequest("synchronize", draft, { after: "b".repeat(40) }))).toEqual([]);
  });

  it("that is reviewed after its merge is not opened again", () => {
    const late = review("changes_requested", 603, 14, { branch: "a/T-1", closed: 12, merged: 12 });
    expect(only(late, "reviewer_changes_requested")).toMatchObject({ feature_id: "a" });
    expect(only(late, "reviewer_changes_requested").task_id).toBeUndefined();
  });
});

describe("continuous integration", () => {
  it("is a test on a branch, and an integration on the default branch, never both", () => {
    expect(only(checkRun(1, "success", 9), "test_passed")).toMatchObject({
      agent_id: "github:github-actions",
      agent_role: "ci",
      feature_id: OWN,
      metadata: { name: "unit tests", evidence: "report" },
      metrics: { duration_ms: 120_000 },
    });
    expect(typesOf(checkRun(2, "timed_out", 9))).toEqual(["test_failed"]);
    expect(typesOf(checkRun(3, "success", 9, { branch: "main", number: null }))).toEqual([]);
    const other = { branch: "main", number: null, app: "buildkite" };
    expect(typesOf(checkRun(3, "failure", 9, other))).toEqual(["integration_failed"]);
    expect(only(workflowRun(4, "failure", 9), "integration_failed")).toMatchObject({ task_id: "TASK-9" });
    expect(typesOf(workflowRun(5, "success", 9, { head_branch: "add-auth" }))).toEqual([]);
    expect(typesOf(workflowRun(6, "success", 9, { head_repository: { id: 999 } }))).toEqual([]);
  });

  it.each(["cancelled", "skipped", "neutral", "stale", "action_required"])(
    "%s says nothing",
    (conclusion) => {
      expect(adapt(checkRun(1, conclusion, 9))).toMatchObject({
        events: [],
        ignored: { [`check_run ${conclusion}`]: 1 },
      });
      expect(adapt(workflowRun(1, conclusion, 9)).events).toEqual([]);
    },
  );
});

describe("pushes and issues", () => {
  it("a commit's trailer merges a task, unless a pull request tells it", () => {
    expect(only(push("Fix\n\nClusterfork-Task: T-1"), "task_merged")).toMatchObject({
      task_id: "T-1",
      agent_id: "github:alice",
      timestamp: "2026-11-20T09:10:00.000Z",
    });
    expect(typesOf(push("Fix (#12)\n\nClusterfork-Task: T-1"))).toEqual([]);
    expect(typesOf(push("Merge pull request #12 from a/b\n\nClusterfork-Task: T-1"))).toEqual([]);
    expect(typesOf(push("Fix\n\nClusterfork-Task: T-1", { ref: "refs/heads/other" }))).toEqual([]);
  });

  it("an issue is a task; a bug is also reported; only members link it", () => {
    expect(only(issue("opened"), "task_created")).toMatchObject({
      task_id: "gh-octo-org.hello-world-31",
      metadata: { title: "The greeting is wrong", kind: "issue" },
    });
    expect(only(issue("opened"), "task_created").feature_id).toBeUndefined();
    const of_member = issue("opened", { author_association: "OWNER" });
    expect(only(of_member, "task_created").feature_id).toBe("of-an-outsider");
    expect(typesOf(issue("typed", { type: { name: "Bug" } }))).toContain("bug_reported");
    const not_planned = issue("closed", { state_reason: "not_planned", closed_at: at(3) });
    expect(only(not_planned, "task_failed").metadata).toEqual({
      reason: "The issue was closed: not planned.",
      retryable: false,
    });
  });
});

describe("what is hostile or odd", () => {
  it("[P1] stores no body, comment, message or output", () => {
    const all = [
      ...recordedDeliveries(),
      ...linkedDeliveries(),
      push(`${BODY_CANARY}\n\nClusterfork-Task: T-1`),
    ];
    expect(JSON.stringify(all)).toContain(BODY_CANARY);
    expect(JSON.stringify(all.map(adapt))).not.toContain(BODY_CANARY);
  });

  it("[T3] takes no delivery under the name of another event: the header is not signed", () => {
    const comment = {
      ...issue("deleted"),
      payload: { ...(issue("deleted").payload as object), comment: { id: 1 } },
    };
    for (const { event, payload } of [comment, ...recordedDeliveries()]) {
      for (const other of GITHUB_EVENTS) {
        if (other === event && payload !== comment.payload) continue;
        const adapted = adapt({ event: other, payload });
        expect(adapted.events, `${event} as ${other}`).toEqual([]);
        expect(adapted.refused).toHaveLength(1);
      }
    }
  });

  it("a title is data: one line, cut, whole characters", () => {
    const title = `<b>x</b>\u0000\n${"😀".repeat(400)}`;
    const { metadata } = only(pullRequest("opened", { title }), "feature_requested");
    const stored = metadata?.["title"];
    expect(stored).toMatch(/^<b>x<\/b> 😀/u);
    expect(typeof stored === "string" && stored.length <= 300 && stored.isWellFormed()).toBe(true);
    expect(foldOf([pullRequest("opened", { title })]).open_features.size).toBe(1);
  });

  it("trailers that no envelope takes are passed over", () => {
    for (const value of ["x".repeat(400), "a\u0007b", "\ud800"]) {
      const { events } = adapt(pullRequest("opened", { body: `Clusterfork-Task: ${value}` }));
      expect(events.every(({ task_id }) => task_id === undefined || task_id.length <= 256)).toBe(true);
      foldOf([pullRequest("opened", { body: `Clusterfork-Task: ${value}` })]);
    }
  });

  it("[S3] any JSON under any name gives a value, and only events that may be stored", () => {
    const shape = fc.constantFrom(...recordedDeliveries(), ...linkedDeliveries());
    const broken = fc.tuple(shape, fc.string(), fc.jsonValue()).map(([delivery, , junk]) => {
      const text = JSON.stringify(delivery.payload);
      const keys = [...text.matchAll(/"(\w+)":/g)].map(([, key]) => key);
      const key = keys[Math.abs(JSON.stringify(junk).length * 7) % keys.length] ?? "action";
      const payload: unknown = JSON.parse(text, (name, value: unknown) => (name === key ? junk : value));
      return { event: delivery.event, payload };
    });
    const any = fc.record({
      event: fc.constantFrom("pull_request", "issues", "ping", "x y"),
      payload: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.oneof(broken, any), (delivery) => {
        const adapted = adapt(delivery);
        expect(
          adapted.events.length + adapted.refused.length + Object.keys(adapted.ignored).length,
        ).toBeGreaterThan(0);
        foldOf([delivery]);
      }),
      { numRuns: 2000 },
    );
  });

  it("the events that a hook is subscribed to are those that are read", () => {
    for (const event of GITHUB_EVENTS) expect(adapt({ event, payload: {} }).refused).toHaveLength(1);
  });

  it("other events are ignored by name; a name that is none is not repeated", () => {
    expect(adapt({ event: "ping", payload: { zen: "x" } }).ignored).toEqual({ ping: 1 });
    expect(adapt({ event: "<script>", payload: {} }).ignored).toEqual({ "an event without a name": 1 });
  });
});
