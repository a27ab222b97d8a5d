import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { DEFAULT_INTAKE } from "../../../schema/wire/intake.ts";
import { agentRun, span, spanId, TRACE_ID, traces, type Attrs } from "../../../test/sample/otlp.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { tracesAdapter } from "./traces.ts";

const context = {
  now_ms: Date.UTC(2026, 10, 22),
  settings: DEFAULT_INTAKE,
  sha256: (text: string) => createHash("sha256").update(text).digest("hex"),
};
const CHAT: Attrs = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o" };
const RUN: Attrs = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "a" };
const used = (input: number): Attrs => ({ "gen_ai.usage.input_tokens": input });

/** What the room would hold after these requests: the first of each id. */
function stored(...requests: object[]): OutgoingEvent[] {
  const events = new Map<string, OutgoingEvent>();
  for (const request of requests) {
    for (const event of tracesAdapter(request, context).events) {
      if (!events.has(event.id)) events.set(event.id, event);
    }
  }
  return [...events.values()];
}
const counted = (...requests: object[]): number =>
  stored(...requests)
    .filter((event) => event.event_type === "tokens_used")
    .reduce(
      (sum, event) => sum + (event.metrics?.input_tokens ?? 0) + (event.metrics?.cache_read_tokens ?? 0),
      0,
    );

describe("[M1] tokens of a trace", () => {
  const call = span({ id: 2, parent: 1, attributes: { ...CHAT, ...used(100) } });
  const run = span({ id: 1, attributes: { ...RUN, ...used(100) } });

  it("are counted at the calls, not at the run that repeats them", () => {
    expect(counted(agentRun())).toBe(2200);
    expect(counted(agentRun(), agentRun())).toBe(2200);
  });

  it("are counted once when call and run come apart, in either order", () => {
    expect(counted(traces([call]), traces([run]))).toBe(100);
    expect(counted(traces([run]), traces([call]))).toBe(100);
    expect(counted(traces([run, call]), traces([call]), traces([run]))).toBe(100);
  });

  it("are counted at the run where its calls say nothing of them", () => {
    const silent = span({ id: 2, parent: 1, attributes: CHAT });
    expect(counted(traces([silent, run]))).toBe(100);
    const failed = span({ id: 2, parent: 1, attributes: CHAT, error: "503" });
    expect(counted(traces([failed, run]))).toBe(0);
  });

  it("are counted at each of several runs, and at the inner of nested ones", () => {
    const attributes = { ...RUN, ...used(10) };
    const runs = [
      span({ id: 2, parent: 1, attributes }),
      span({ id: 3, parent: 2, attributes: CHAT }),
      span({ id: 4, parent: 1, attributes }),
      span({ id: 5, parent: 4, attributes: CHAT }),
      span({ id: 1, attributes: { ...RUN, ...used(20) } }),
    ];
    expect(counted(traces(runs))).toBe(20);
  });

  it("are counted at the inner of two instrumentations, also when the outer comes later", () => {
    const inner = span({ id: 3, parent: 2, attributes: { ...CHAT, ...used(90) } });
    expect(counted(traces([call, inner]))).toBe(90);
    expect(counted(traces([inner]), traces([call]))).toBe(90);
  });

  it("are under the provider's id, so that a second source of the call is a duplicate", () => {
    const attributes = { ...CHAT, ...used(100), "gen_ai.response.id": "resp_0123456789abcdef" };
    const ids = (of: object): string[] =>
      stored(of).flatMap((event) => (event.event_type === "tokens_used" ? [event.id] : []));
    expect(ids(traces([span({ id: 2, attributes })]))).toEqual(["resp_0123456789abcdef"]);
    // A local server counts from one again after each start.
    const short = { ...attributes, "gen_ai.response.id": "chatcmpl-7" };
    expect(ids(traces([span({ id: 2, attributes: short })]))).toEqual([`${TRACE_ID}-${spanId(2)}`]);
  });

  it("come to an end in a circle of parents", () => {
    const circle = [
      span({ id: 1, parent: 2, attributes: { ...RUN, ...used(1) } }),
      span({ id: 2, parent: 1, attributes: { ...CHAT, ...used(1) } }),
    ];
    expect(counted(traces(circle))).toBe(0);
  });

  it("are found in a chain of ten thousand spans without asking each for all", () => {
    const chain = Array.from({ length: 10_000 }, (_, n) =>
      span({ id: n + 1, parent: n, attributes: { ...RUN, ...used(1) } }),
    );
    const started = performance.now();
    counted(traces(chain));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("a span whose parent never arrives", () => {
  it("gives its events all the same, with no feature where nothing names one", () => {
    const tool = span({ id: 5, parent: 4, attributes: { "gen_ai.tool.name": "search" } });
    expect(stored(traces([tool]))).toMatchObject([{ event_type: "tool_called", agent_id: "my-agents" }]);
    expect(stored(traces([tool]))[0]).not.toHaveProperty("feature_id");
  });

  it("takes its work from what it says itself: ids, then the branch, then the session", () => {
    const place = (attributes: Attrs, resource: Attrs = {}): OutgoingEvent | undefined =>
      stored(
        traces(
          [span({ id: 5, parent: 4, attributes: { "gen_ai.tool.name": "t", ...attributes } })],
          "s",
          resource,
        ),
      ).find((event) => event.event_type === "tool_called");
    const branch = { "vcs.ref.head.name": "add-auth/TASK-7" };
    expect(place({}, branch)).toMatchObject({ feature_id: "add-auth", task_id: "TASK-7" });
    expect(place({ "clusterfork.feature_id": "F", task_id: "T" }, branch)).toMatchObject({
      feature_id: "F",
      task_id: "T",
    });
    expect(place({ "session.id": "s-1" })).toMatchObject({ feature_id: "session-s-1", session_id: "s-1" });
    expect(place({ "clusterfork.feature_id": "clusterfork:x" })?.feature_id).toBe("sent-clusterfork:x");
  });
});

describe("names that the envelope would refuse", () => {
  const CHAT: Attrs = { "gen_ai.operation.name": "chat", ...used(1) };
  const agentOf = (service: string, attributes: Attrs = {}): OutgoingEvent | undefined =>
    stored(traces([span({ id: 1, attributes: { ...CHAT, ...attributes } })], service)).find(
      ({ event_type }) => event_type === "tokens_used",
    );

  it("[T5] of a service or an agent that reads as Clusterfork are taken as what was sent, with their tokens", () => {
    for (const name of ["clusterfork:governor", "Clusterfork", "\u0441lusterfork", "c\u200blusterfork"]) {
      expect(agentOf(name)?.agent_id).toBe(`sent-${name}`);
      expect(agentOf("s", { "gen_ai.agent.name": name })?.agent_id).toBe(`sent-${name}`);
    }
    expect(agentOf("clusterfork-agents")?.agent_id).toBe("clusterfork-agents");
    expect(agentOf("s", { "gen_ai.response.id": "clusterfork:0123456789" })?.id).toMatch(/^otlp-/);
  });

  it("are never cut through the middle of a character", () => {
    const long = `a${"\u{1f600}".repeat(200)}`;
    const said = agentOf(long, { "agent.role": long, "session.id": long, task_id: long, feature_id: long });
    for (const text of Object.values(said ?? {}))
      if (typeof text === "string") expect(text.isWellFormed()).toBe(true);
    expect(said?.session_id?.length).toBeGreaterThan(100);
  });
});

it("[M1] a call names the reservation that it settles, by its own attribute alone", () => {
  const attributes = { ...CHAT, ...used(100) };
  const reserved = { ...attributes, "clusterfork.reservation_id": "r-1" };
  const [settling, other] = stored(
    traces([
      span({ id: 2, attributes: reserved }),
      span({ id: 3, parent: 2, attributes: { "gen_ai.operation.name": "execute_tool" } }),
      span({ id: 4, attributes }),
    ]),
  ).filter(({ event_type }) => event_type === "tokens_used");
  expect(settling?.metadata?.["reservation_id"]).toBe("r-1");
  expect(other?.metadata).not.toHaveProperty("reservation_id");
});
