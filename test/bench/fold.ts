/**
 * `npm run bench -- fold`: events per second of the fold (DESIGN §8: ≥ 250,000 in Node), and what a snapshot costs, on a
 * realistic mix: tasks in features of 20, each claimed, worked on with tool and model calls, locked files, reviewed
 * and merged; half of them stay open, so that the hot state is full.
 */
import type { Json, StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { decodeState, stateText } from "../../schema/state/encode.ts";
import { allTasks } from "../../schema/state/select.ts";
import type { WireState } from "../../schema/state/state.ts";
import { check, figure, type Figure } from "./figure.ts";
import { median } from "./machine.ts";

const START_MS = Date.UTC(2026, 10, 22);

function mix(tasks: number): StoredEvent[] {
  const events: StoredEvent[] = [];
  const add = (
    n: number,
    event_type: string,
    metadata?: { [key: string]: Json },
    metrics?: { [key: string]: number },
  ) => {
    const seq = events.length + 1;
    const sent = new Date(START_MS + seq * 40).toISOString();
    const received_at = new Date(START_MS + seq * 40 + 15).toISOString();
    const task = { task_id: `TASK-${n}`, feature_id: `feature-${Math.floor(n / 20)}` };
    events.push({
      id: `e${seq}`,
      seq,
      timestamp: sent,
      received_at,
      event_type,
      agent_id: `coder-${n % 40}`,
      agent_role: "coder",
      ...task,
      ...(metadata === undefined ? {} : { metadata }),
      ...(metrics === undefined ? {} : { metrics }),
      source: "api",
      key_id: "k",
      v: 1,
    });
  };
  for (let n = 0; n < tasks; n++) {
    const path = `src/part-${n % 500}/file.ts`;
    const title = `Make part ${n} of the product do what its users expect`;
    add(n, "task_created", {
      title,
      dependencies: n % 20 === 0 ? [] : [`TASK-${n - 1}`],
      priority: 2,
      files: [path],
    });
    add(n, "task_claimed");
    add(n, "task_started");
    add(n, "file_locked", { path });
    for (let call = 0; call < 6; call++) {
      add(
        n,
        "tokens_used",
        { model: "claude-sonnet-5", cost_source: "priced" },
        {
          input_tokens: 1_200,
          cache_read_tokens: 9_000,
          output_tokens: 480,
          cost_usd: 0.011,
          duration_ms: 3_200,
        },
      );
      add(n, "tool_called", { tool: "Edit", path }, { duration_ms: 40 });
    }
    add(n, "task_progress", { progress: 0.5, message: "half way" });
    add(n, "test_passed", { suite: "unit" }, { passed: 40, failed: 0 });
    add(n, "node_executed", { node: "plan" });
    if (n % 2 === 1) continue;
    add(n, "agent_submitted", { summary: "ready" });
    if (n % 4 === 0) {
      add(n, "reviewer_changes_requested", { reason: "naming" });
      add(n, "coder_resubmitted");
    }
    add(n, "reviewer_approved");
    add(n, "task_completed", { summary: "done" });
    add(n, "file_unlocked", { path });
    add(n, "task_merged");
  }
  return events;
}

/** The first time warms up. */
function timed<T>(runs: number, work: () => T): { times_ms: number[]; result: T } {
  const times_ms: number[] = [];
  let result = work();
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    result = work();
    times_ms.push(performance.now() - start);
  }
  return { times_ms, result };
}

export interface FoldOptions {
  tasks?: number;
  runs?: number;
  say?: (line: string) => void;
}

export async function benchFold(options: FoldOptions = {}): Promise<Figure[]> {
  const { tasks = 10_000, runs = 5, say = console.log } = options;
  const events = mix(tasks);
  const fold = timed(runs, () => {
    const folded = createState();
    for (const event of events) apply(folded, event);
    return folded;
  });
  const state = fold.result;
  check(state.seq === events.length, `folded to seq ${state.seq} of ${events.length}`);
  const written = timed(runs, () => stateText(state));
  const text = written.result;
  const read = timed(runs, () => decodeState(JSON.parse(text) as WireState));
  check(stateText(read.result) === text, "the state that was read back is another one");
  const woken = timed(runs, () => {
    const revived = decodeState(JSON.parse(text) as WireState);
    for (const event of events.slice(-1_000)) apply(revived, { ...event, seq: revived.seq + 1 });
    return revived;
  });
  say(
    `  ${events.length.toLocaleString("en")} events leave ${[...allTasks(state)].length} hot tasks, ${(text.length / 1e6).toFixed(2)} MB: ` +
      `written in ${median(written.times_ms).toFixed(1)} ms, read in ${median(read.times_ms).toFixed(1)} ms, ` +
      `read with a tail of 1,000 events in ${median(woken.times_ms).toFixed(1)} ms`,
  );
  return [
    figure(
      "fold, in Node",
      "events/s",
      fold.times_ms.map((ms) => (events.length / ms) * 1_000),
      { target: { of: "figure", at_least: 250_000 } },
    ),
  ];
}
