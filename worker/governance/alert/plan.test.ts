import fc from "fast-check";
import { expect, it } from "vitest";
import type { Step } from "../../../test/replay/play.ts";
import { open, Project } from "../../../test/replay/watched.ts";
import type { Row } from "../../../schema/metric/measure.ts";
import { PIP_FAILURES } from "../../../schema/metric/pip.ts";
import { performanceOf } from "../../../schema/metric/performance.ts";
import { decodeState, encodeState } from "../../../schema/state/encode.ts";

const AGENTS = ["a", "b", "c"];

const ending = fc.record({
  agent: fc.constantFrom(...AGENTS),
  fails: fc.constantFrom(true, true, false),
  minutes: fc.integer({ min: 1, max: 300 }),
});

/** What the page and the command show, of a state as they get it. */
function shown({ state }: Project) {
  const { agents, closed_tasks, open_tasks } = decodeState(encodeState(state));
  const rows = Array.from(agents.keys(), (group): Row => ({
    ...{ metric: "throughput", group, value: 1, n: 1, excluded: 0, target: null, status: "unknown" },
    ...{ previous: null, change: null },
  }));
  const measures = {
    window: { from: null, to: null, previous: null },
    rows,
    omitted_groups: 0,
    truncated_until: null,
  };
  const tasks = [...open_tasks.values(), ...closed_tasks.values()];
  return performanceOf({ by: "agent", measures, tasks, agents: [...agents.values()] });
}

it("[M1] a plan is the same in the log, in its alert and on every page, whatever happened", () => {
  let opened = 0;
  let closed = 0;
  fc.assert(
    fc.property(fc.array(ending, { minLength: 20, maxLength: 60 }), (endings) => {
      const project = new Project([]);
      const in_a_row = new Map<string, number>();
      const has_plan = new Set<string>();
      let minute = 0;
      for (const [n, { agent, fails, minutes }] of endings.entries()) {
        const about = { agent, task: `T${n}` };
        const steps: Step[] = [
          { type: "task_claimed", ...about, at: minute * 60 },
          { type: fails ? "task_failed" : "task_completed", ...about, at: minute * 60 + 30 },
        ];
        project.send(steps);
        minute += minutes;
        project.look(minute);

        // Counted by hand: the plan begins with the third failure on end, and a success ends it.
        in_a_row.set(agent, fails ? (in_a_row.get(agent) ?? 0) + 1 : 0);
        if (!fails) has_plan.delete(agent);
        else if ((in_a_row.get(agent) ?? 0) >= PIP_FAILURES) has_plan.add(agent);
        for (const { id, pip } of shown(project)) {
          if (id === null) continue;
          const said = project.log.findLast(
            ({ event_type, metadata }) => event_type.startsWith("pip_") && metadata?.["agent"] === id,
          );
          expect(pip !== null, `${id} after ${String(n + 1)}`).toBe(has_plan.has(id));
          expect(said?.event_type === "pip_opened").toBe(pip !== null);
          if (pip === null) continue;
          expect(pip).toMatchObject({ metric: said?.metadata?.["metric"], value: in_a_row.get(id) });
          expect(new Date(pip.since_ms).toISOString()).toBe(said?.metadata?.["since"]);
          expect(open(project).some(({ rule, agent_id }) => rule === "pip_required" && agent_id === id)).toBe(
            true,
          );
        }
      }
      opened += project.log.filter(({ event_type }) => event_type === "pip_opened").length;
      closed += project.log.filter(({ event_type }) => event_type === "pip_closed").length;
    }),
    { numRuns: 40 },
  );
  // The control: there were plans, and ends of them.
  expect(opened).toBeGreaterThan(10);
  expect(closed).toBeGreaterThan(5);
});
