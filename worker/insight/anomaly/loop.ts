/**
 * No-progress loops: an agent that calls the same tool with the same arguments again and again. Progress empties the
 * window: a commit, a submission, the task's end, or a test result that differs from the one before; so does other work.
 */
import type { Json, StoredEvent } from "../../../schema/event/event.ts";

/** Calls looked at, and equal ones among them that are a loop. */
export const WINDOW_CALLS = 20;
export const LOOP_CALLS = 10;
/** Agents looked at; the one longest without a call is forgotten. */
const MAX_AGENTS = 1_000;
/** Characters of arguments that tell two calls apart; beyond them calls count as equal only if of equal length. */
const MAX_ARGUMENT_CHARS = 2_000;

interface Call {
  key: string;
  seq: number;
  time_ms: number;
}

interface Watched {
  /** Task, feature and session that the calls belong to. */
  about: string;
  calls: Call[];
  last_test: string | null;
}

export interface Loop {
  agent_id: string;
  task_id: string | null;
  tool: string;
  calls: number;
  of: number;
  since: number;
  evidence: number[];
}

const ENDS = new Set([
  "agent_submitted",
  "coder_resubmitted",
  "review_requested",
  "task_completed",
  "task_failed",
  "task_merged",
  "human_intervened",
  "agent_stopped",
  "agent_crashed",
  "agent_initialized",
]);
const TESTS = new Set(["test_passed", "test_failed", "lint_passed", "lint_error_found", "coverage_measured"]);
/** A shell command that records work. */
const COMMIT = /\bgit\s+(?:-\S+\s+)*(?:commit|merge|push|rebase|cherry-pick)\b/;

export class Loops {
  readonly #agents = new Map<string, Watched>();

  note(event: StoredEvent, time_ms: number): Loop | null {
    const { event_type, agent_id } = event;
    if (event_type === "tool_called") return this.#call(event, time_ms);
    const watched = this.#agents.get(agent_id);
    if (watched === undefined) return null;
    if (ENDS.has(event_type)) watched.calls = [];
    else if (TESTS.has(event_type)) {
      const result = JSON.stringify([
        event_type,
        event.metadata?.["name"],
        event.metadata?.["suite"],
        event.metrics?.["passed"],
        event.metrics?.["failed"],
      ]);
      if (result !== watched.last_test) watched.calls = [];
      watched.last_test = result;
    }
    return null;
  }

  #call(event: StoredEvent, time_ms: number): Loop | null {
    const metadata = event.metadata ?? {};
    const command = textOf(metadata["command"]);
    const about = JSON.stringify([event.task_id, event.feature_id, event.session_id]);
    const watched = this.#agents.get(event.agent_id) ?? { about, calls: [], last_test: null };
    if (watched.about !== about) [watched.about, watched.calls] = [about, []];
    this.#agents.delete(event.agent_id);
    this.#agents.set(event.agent_id, watched);
    if (this.#agents.size > MAX_AGENTS) {
      const [oldest] = this.#agents.keys();
      if (oldest !== undefined) this.#agents.delete(oldest);
    }
    if (COMMIT.test(command) && metadata["success"] !== false) {
      watched.calls = [];
      return null;
    }
    const key = keyOf(metadata);
    // Without arguments two calls of a tool cannot be called the same.
    watched.calls.push({ key: key ?? `seq ${event.seq}`, seq: event.seq, time_ms });
    if (watched.calls.length > WINDOW_CALLS) watched.calls.shift();
    if (key === null) return null;
    const same = watched.calls.filter((call) => call.key === key);
    const [first] = same;
    if (same.length < LOOP_CALLS || first === undefined) return null;
    return {
      agent_id: event.agent_id,
      task_id: event.task_id ?? null,
      tool: textOf(metadata["tool"]),
      calls: same.length,
      of: watched.calls.length,
      since: first.time_ms,
      evidence: same.map(({ seq }) => seq),
    };
  }
}

/** Fields of a call that say how it went or who it was, not what was asked. */
const NOT_ARGUMENTS = new Set(["success", "error_type", "tool_call_id", "duration_ms", "server"]);

/** Tool and arguments; null where no argument was told. */
function keyOf(metadata: { [key: string]: Json }): string | null {
  const told = Object.entries(metadata).filter(([name]) => !NOT_ARGUMENTS.has(name));
  if (!told.some(([name]) => name !== "tool")) return null;
  const key = JSON.stringify(told.sort(([a], [b]) => (a < b ? -1 : 1)));
  return key.length <= MAX_ARGUMENT_CHARS ? key : `${key.length} ${key.slice(0, MAX_ARGUMENT_CHARS)}`;
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
