/** Time that stood still: files that were taken, questions that waited for an answer, work that was handed to and fro. */
import { eventTime, type StoredEvent } from "../../../schema/event/event.ts";
import { REFUSALS } from "../../insight/anomaly/contention.ts";
import { byTask, textOf, type FeatureCase } from "./case.ts";
import { evidenceOf, type Pattern } from "./pattern.ts";

/** Waiting for a file that a person would want to know of, alone. */
const LONG_WAIT_MS = 15 * 60_000;
/** A question is answered by the asker's next step; one that takes longer was left. */
const MAX_ANSWER_MS = 24 * 3_600_000;

export function contentions({ events, feature }: FeatureCase): Pattern[] {
  const paths = new Map<string, { refused: StoredEvent[]; waited_ms: number; agents: Set<string> }>();
  const waiting = new Map<string, number>();
  for (const event of events.toSorted((a, b) => eventTime(a) - eventTime(b) || a.seq - b.seq)) {
    const path = textOf(event.metadata?.["path"]);
    if (path === null) continue;
    const key = JSON.stringify([path, event.agent_id]);
    if (event.event_type === "lock_conflict") {
      const own = paths.get(path) ?? { refused: [], waited_ms: 0, agents: new Set<string>() };
      paths.set(path, own);
      own.refused.push(event);
      own.agents.add(event.agent_id);
      const holder = textOf(event.metadata?.["holder_agent_id"]);
      if (holder !== null) own.agents.add(holder);
      if (!waiting.has(key)) waiting.set(key, eventTime(event));
    } else if (event.event_type === "file_locked") {
      const since = waiting.get(key);
      const own = paths.get(path);
      if (since === undefined || own === undefined) continue;
      own.waited_ms += eventTime(event) - since;
      waiting.delete(key);
    }
  }
  const span = (feature.closed_at ?? 0) - (feature.started_at ?? feature.closed_at ?? 0);
  return [...paths]
    .filter(
      ([, { refused, waited_ms }]) =>
        refused.length >= REFUSALS || (waited_ms >= LONG_WAIT_MS && waited_ms >= span / 10),
    )
    .map(([path, { refused, waited_ms, agents }]) => ({
      kind: "contention" as const,
      is_good: false,
      tasks: [...new Set(refused.flatMap(({ task_id }) => (task_id === undefined ? [] : [task_id])))],
      evidence: evidenceOf(refused.map(({ seq }) => seq)),
      effect: { value: refused.length, usual: null, unit: "times" as const, samples: null },
      facts: { path, agents: agents.size },
      time_ms: waited_ms > 0 ? waited_ms : null,
    }));
}

/** Waiting for an answer that planning could have saved. */
const LONG_QUESTION_MS = 10 * 60_000;

export function questions({ events, tasks }: FeatureCase): Pattern[] {
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  const asked = new Map<
    string,
    { seqs: number[]; tasks: Set<string>; waited_ms: number; role: string | null }
  >();
  for (const [task_id, own] of byTask(events))
    for (const [index, event] of own.entries()) {
      if (event.event_type !== "clarification_requested") continue;
      const question = textOf(event.metadata?.["question"]);
      if (question === null) continue;
      const known = asked.get(question) ?? {
        seqs: [],
        tasks: new Set<string>(),
        waited_ms: 0,
        role: textOf(event.metadata?.["about_role"]),
      };
      asked.set(question, known);
      const next = answered(event, own.slice(index + 1));
      const waited_ms = next === undefined ? 0 : eventTime(next) - eventTime(event);
      if (waited_ms <= MAX_ANSWER_MS) known.waited_ms += waited_ms;
      known.seqs.push(event.seq, ...(next === undefined ? [] : [next.seq]));
      if (task_id !== null) known.tasks.add(task_id);
    }
  return [...asked]
    .filter(([, one]) => one.waited_ms >= LONG_QUESTION_MS || one.tasks.size >= 2)
    .map(([question, one]) => {
      const [first] = one.tasks;
      return {
        kind: "clarification" as const,
        is_good: false,
        tasks: [...one.tasks],
        evidence: evidenceOf(one.seqs),
        effect: { value: Math.max(1, one.tasks.size), usual: null, unit: "times" as const, samples: null },
        facts: {
          question,
          ...(one.role === null ? {} : { role: one.role }),
          ...(first === undefined ? {} : { title: titles.get(first) ?? first }),
        },
        time_ms: one.waited_ms > 0 ? one.waited_ms : null,
      };
    });
}

/** When work went on: the asker's next step, or the end of the pause that began with the question. */
function answered({ agent_id }: StoredEvent, after: readonly StoredEvent[]): StoredEvent | undefined {
  const next = after.find((event) => event.agent_id === agent_id && event.event_type !== "agent_idle");
  return next?.event_type === "task_blocked"
    ? after.find(({ event_type }) => event_type === "task_unblocked")
    : next;
}

export function handoffs({ events }: FeatureCase): Pattern[] {
  const pairs = new Map<
    string,
    { from: string; to: string; seqs: number[]; tasks: Set<string>; back: number }
  >();
  for (const [task_id, own] of byTask(events)) {
    const given: { from: string; to: string; seq: number }[] = [];
    for (const event of own) {
      if (event.event_type !== "handoff") continue;
      const from = textOf(event.metadata?.["from_agent"]) ?? event.agent_id;
      const to = textOf(event.metadata?.["to_agent"]);
      if (to === null || to === from) continue;
      const before = given.find((one) => one.from === to && one.to === from);
      if (before !== undefined) {
        const key = JSON.stringify([to, from]);
        const pair = pairs.get(key) ?? { from: to, to: from, seqs: [], tasks: new Set<string>(), back: 0 };
        pairs.set(key, pair);
        pair.back++;
        pair.seqs.push(before.seq, event.seq);
        pair.tasks.add(task_id ?? "");
      }
      given.push({ from, to, seq: event.seq });
    }
  }
  return [...pairs.values()]
    .filter(({ back }) => back >= 2)
    .map(({ from, to, seqs, tasks, back }) => ({
      kind: "handoff" as const,
      is_good: false,
      tasks: [...tasks].filter((id) => id !== ""),
      evidence: evidenceOf(seqs),
      effect: { value: back, usual: null, unit: "times" as const, samples: null },
      facts: { from, to },
      time_ms: null,
    }));
}
