import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allTasks } from "../state/select.ts";
import type { AgentPip } from "../state/entity/agent.ts";
import { DAYS_ON_END, PIP_METRICS, type Day } from "./days.ts";
import type { Row } from "./measure.ts";
import { failedInARow, PIP_FAILURES, PIP_NEWS_MS, plansOf } from "./pip.ts";
import { DAY_MS } from "./slot.ts";
import { at, countLines } from "./testing.ts";

const closing = (types: string[]) =>
  Array.from(allTasks(countLines(types.map((type, n) => [n, type, { task: `t${n}` }])).state), (task) => ({
    ...task,
    assignee: "a",
  }));
const FAIL = "task_failed";
const DONE = "task_completed";

const escalations = (value: number, n = 10): Row => ({
  ...{ metric: "escalation_rate", group: null, value, n, excluded: 0, previous: null, change: null },
  target: { bound: "<", value: 0.05 },
  status: value < 0.05 ? "met" : "missed",
});
/** Its days, the oldest first: its own share of escalated tasks, and the project's. */
const days = (...shares: [own: Row, all: Row][]): Day[] =>
  shares.map(([own, all], i) => ({
    from_ms: at(0) + i * DAY_MS,
    to_ms: at(0) + (i + 1) * DAY_MS,
    rows: [all],
    by_agent: new Map([["a", [own]]]),
  }));
const NOW = at(0) + DAYS_ON_END * DAY_MS + 60_000;
const BAD = escalations(0.15);
const GOOD = escalations(0.01);

interface Given {
  tasks?: string[];
  pip?: AgentPip | null;
  given?: Day[];
  now_ms?: number;
}
const planOf = ({ tasks = [], pip = null, given = [], now_ms = at(100) }: Given) =>
  plansOf({ agents: [{ id: "a", pip }], tasks: closing(tasks), days: given, now_ms }).get("a");
const had = (more: Partial<AgentPip>): AgentPip => ({
  ...{ metric: "failed_tasks", value: 3, target: 2, since: at(0), opened_at: at(1), seq: 9 },
  ...more,
});

describe("a Performance Improvement Plan", () => {
  it("begins after three failed tasks in a row, since the first of them", () => {
    expect(planOf({ tasks: [FAIL, DONE, FAIL, FAIL, FAIL] })).toMatchObject({
      is: "begun",
      plan: { metric: "failed_tasks", value: 3, target: 2, since_ms: at(2), became_ms: at(4) },
    });
    expect(planOf({ tasks: [FAIL, FAIL, DONE, FAIL] })).toBeUndefined();
    expect(planOf({ tasks: [FAIL, FAIL, FAIL, DONE] })).toBeUndefined();
  });

  it("goes on as more fail, tells how many, and names the first of them first", () => {
    const tasks = Array.from({ length: 8 }, () => FAIL);
    const found = planOf({ tasks, pip: had({}) });
    expect(found).toMatchObject({ is: "standing", plan: { value: 8, since_ms: at(0), became_ms: at(2) } });
    expect(found?.plan.evidence).toEqual([1, 2, 3, 4, 5]);
  });

  it("ends with a success, also one of the same moment, and not with a task that is opened again", () => {
    const pip = had({});
    expect(planOf({ tasks: [FAIL, FAIL, FAIL, DONE], pip })?.is).toBe("over");
    const together = closing([FAIL, FAIL, FAIL, DONE]).map((task) => ({ ...task, closed_at: at(5) }));
    const agents = [{ id: "a", pip }];
    expect(plansOf({ agents, tasks: together, days: [], now_ms: at(9) }).get("a")?.is).toBe("over");
    const reopened = closing([FAIL, FAIL, FAIL]).map((task, n) =>
      n === 2 ? { ...task, closed_at: null } : task,
    );
    expect(plansOf({ agents, tasks: reopened, days: [], now_ms: at(9) }).get("a")?.is).toBe("standing");
    expect(planOf({ pip })?.is).toBe("standing");
  });

  it("begins after three whole days that the agent misses and the project does not", () => {
    const given = days([BAD, GOOD], [BAD, GOOD], [BAD, GOOD]);
    expect(planOf({ given, now_ms: NOW })).toMatchObject({
      is: "begun",
      plan: { metric: "escalation_rate", value: 0.15, target: 0.05, samples: 10, since_ms: at(0) },
    });
    for (const none of [
      given.slice(1),
      days([BAD, GOOD], [GOOD, GOOD], [BAD, GOOD]),
      // Too few things behind it, by too little, and what all miss.
      days([BAD, GOOD], [escalations(0.15, 4), GOOD], [BAD, GOOD]),
      days([BAD, GOOD], [escalations(0.054), GOOD], [BAD, GOOD]),
      days([BAD, GOOD], [BAD, BAD], [BAD, GOOD]),
    ])
      expect(planOf({ given: none, now_ms: NOW })).toBeUndefined();
  });

  it("ends with a whole day that meets the target with enough behind it, and with nothing less", () => {
    const pip = had({ metric: "escalation_rate", since: at(0) });
    const ended = (last: Row) =>
      planOf({ pip, given: days([BAD, GOOD], [BAD, GOOD], [last, GOOD]), now_ms: NOW });
    expect(ended(GOOD)?.is).toBe("over");
    expect(ended(escalations(0.01, 4))?.is).toBe("standing");
    // What all miss begins no plan, and ends none.
    expect(planOf({ pip, given: days([BAD, BAD], [BAD, BAD], [BAD, BAD]), now_ms: NOW })?.is).toBe(
      "standing",
    );
    // Met before it began.
    expect(planOf({ pip: had({ ...pip, since: NOW }), given: days([GOOD, GOOD]), now_ms: NOW })?.is).toBe(
      "standing",
    );
  });

  it("is not begun by what nobody said for a day", () => {
    const tasks = [FAIL, FAIL, FAIL];
    expect(planOf({ tasks, now_ms: at(2) + PIP_NEWS_MS - 1 })?.is).toBe("begun");
    expect(planOf({ tasks, now_ms: at(2) + PIP_NEWS_MS })).toBeUndefined();
  });

  it("counts failures in a row as a plain walk from the newest does", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(FAIL, DONE), { maxLength: 12 }), (types) => {
        const last = types.lastIndexOf(DONE);
        const count = types.length - 1 - last;
        expect(failedInARow(closing(types))).toHaveLength(count);
        expect(planOf({ tasks: types }) !== undefined).toBe(count >= PIP_FAILURES);
      }),
    );
  });

  it("is of metrics that are an agent's own, and have a target", () => {
    expect(PIP_METRICS).not.toContain("test_coverage");
    expect(PIP_METRICS).toHaveLength(4);
  });
});
