import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { redactEvent, type ViewPolicy } from "../../schema/event/view.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { strict } from "../../schema/state/testing.ts";
import { decodeState, encodeState, stateText } from "../../schema/state/encode.ts";
import { isKnownType } from "../../schema/event/type.ts";
import { redactState } from "../../schema/state/redact.ts";
import { shareEvent, shareState, type ShareScope } from "../../schema/state/share.ts";
import { SHARE_VIEWS } from "../../schema/state/share-view.ts";
import type { ProjectState, WireState } from "../../schema/state/state.ts";
import { hostileLog } from "./hostile-events.ts";

const RUNS = { numRuns: 400 };

function fold(events: readonly StoredEvent[], state = createState()): ProjectState {
  for (const event of events) apply(state, event, strict);
  return state;
}

/** Through the bytes, as a snapshot goes: nothing of the old objects is left. */
function revive(state: ProjectState): ProjectState {
  return decodeState(JSON.parse(stateText(state)) as WireState);
}

describe("the fold over arbitrary logs", { timeout: 60_000 }, () => {
  it("[S1] gives the same bytes when the state is stored and revived after every k-th event", () => {
    fc.assert(
      fc.property(hostileLog, fc.integer({ min: 1, max: 7 }), (events, k) => {
        let revived = createState();
        events.forEach((event, index) => {
          apply(revived, event, strict);
          if (index % k === 0) revived = revive(revived);
        });
        const whole = fold(events);
        expect(stateText(revived)).toBe(stateText(whole));
        expect(revived.totals).toEqual(whole.totals);
      }),
      RUNS,
    );
  });

  it("[S1] folds a tail that overlaps its snapshot once", () => {
    fc.assert(
      fc.property(hostileLog, fc.nat(60), fc.nat(60), (events, a, b) => {
        const state = fold(events.slice(0, Math.max(a, b)));
        fold(events.slice(Math.min(a, b)), state);
        expect(stateText(state)).toBe(stateText(fold(events)));
      }),
      RUNS,
    );
  });

  it("[S2] fold(redact(event)) is redact(fold(event)) for every policy", () => {
    const policy: fc.Arbitrary<ViewPolicy> = fc.record({
      cost: fc.boolean(),
      name: fc.boolean(),
      title: fc.boolean(),
      text: fc.boolean(),
    });
    fc.assert(
      fc.property(hostileLog, policy, (events, view) => {
        const aliases = new Map<string, string>();
        const alias = (name: string) => {
          if (name.startsWith("clusterfork:")) return name;
          const known = aliases.get(name) ?? `name-${aliases.size}`;
          aliases.set(name, known);
          return known;
        };
        const redacted = fold(events.map((event) => redactEvent(event, view, alias)));
        const expected = redactState(encodeState(fold(events)), view, alias);
        expect(stateText(redacted)).toBe(JSON.stringify(expected));
      }),
      { numRuns: 1_000 },
    );
  });

  it("[S2] a share link's events fold into its state, whatever views it has", () => {
    const scope: fc.Arbitrary<ShareScope> = fc.record({
      views: fc.subarray([...SHARE_VIEWS]),
      policy: fc.record({ cost: fc.boolean(), name: fc.boolean(), title: fc.boolean(), text: fc.boolean() }),
    });
    const alias = (name: string) => (name.startsWith("clusterfork:") ? name : `alias ${name}`);
    fc.assert(
      fc.property(hostileLog, scope, (events, shown) => {
        const shared = fold(events.map((event) => shareEvent(event, shown, alias)));
        const expected = shareState(encodeState(fold(events)), shown, alias);
        expect(stateText(shared)).toBe(JSON.stringify(expected));
      }),
      { numRuns: 1_000 },
    );
  });

  it("[S3] never throws, and keeps every entry where it belongs", () => {
    fc.assert(
      fc.property(hostileLog, (events) => {
        const state = fold(events);
        for (const [id, task] of state.open_tasks) {
          expect(task.id).toBe(id);
          expect(task.closed_at).toBeNull();
          expect(["done", "failed", "merged"]).not.toContain(task.status);
          expect(state.closed_tasks.has(id)).toBe(false);
        }
        for (const task of state.closed_tasks.values()) {
          expect(task.closed_at).not.toBeNull();
          expect(["done", "failed", "merged"]).toContain(task.status);
          expect(task.merged_at !== null).toBe(task.status === "merged");
        }
        for (const feature of state.open_features.values()) expect(feature.closed_at).toBeNull();
        for (const feature of state.closed_features.values()) expect(feature.closed_at).not.toBeNull();
        for (const agent of state.agents.keys()) expect(agent.startsWith("clusterfork:")).toBe(false);
        expect(JSON.stringify(state.usage)).not.toContain("null");
        expect(state.counters.events).toBe(events.length);
      }),
      RUNS,
    );
  });

  it("[S4] an unknown event changes seq, time and counters only", () => {
    fc.assert(
      fc.property(hostileLog, (events) => {
        const known = fold(events.filter((event) => isKnownType(event.event_type)));
        const all = fold(events);
        const { seq: _a, time: _b, counters: _c, ...of_known } = encodeState(known);
        const { seq: _d, time: _e, counters, ...of_all } = encodeState(all);
        expect(JSON.stringify(of_all)).toBe(JSON.stringify(of_known));
        expect(counters.by_type.reduce((sum, [, n]) => sum + n, 0)).toBe(events.length);
      }),
      RUNS,
    );
  });

  it("[M1] the project's usage is that of its agents and Clusterfork's own calls, each counted once", () => {
    fc.assert(
      fc.property(hostileLog, (events) => {
        const state = fold(events);
        const calls = events.filter((event) => event.event_type === "tokens_used");
        const own = calls.filter((event) => event.agent_id.startsWith("clusterfork:")).length;
        const of_agents = [...state.agents.values()].reduce((sum, agent) => sum + agent.usage.calls, 0);
        expect(state.usage.calls).toBe(calls.length);
        expect(of_agents + own).toBe(calls.length);
      }),
      RUNS,
    );
  });
});
