/**
 * Events per second of the fold, and the time to wake from a snapshot, on a
 * realistic mix: 10,000 tasks in features of 20, each claimed, worked on with
 * tool and model calls, locked files, reviewed and merged; half of them stay
 * open, so that the hot state is full.
 *
 *   npm run bench:fold
 */
import type { Json, StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { decodeState, stateText } from "../../schema/state/encode.ts";
import { allTasks } from "../../schema/state/select.ts";
import type { WireState } from "../../schema/state/state.ts";

const TASKS = 10_000;
const RUNS = 5;
const START_MS = Date.UTC(2026, 10, 22);

function mix(): StoredEvent[] {
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
  for (let n = 0; n < TASKS; n++) {
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

function timed<T>(what: string, run: () => T, per?: number): T {
  const times: number[] = [];
  let result = run();
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    result = run();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const median_ms = times[Math.floor(RUNS / 2)] ?? Number.NaN;
  const rate =
    per === undefined ? "" : `, ${Math.round((per / median_ms) * 1000).toLocaleString("en")} events/s`;
  console.log(`${what}: median ${median_ms.toFixed(1)} ms of ${RUNS} runs${rate}`);
  return result;
}

const events = mix();
console.log(`${events.length.toLocaleString("en")} events about ${TASKS.toLocaleString("en")} tasks`);
const state = timed(
  "fold",
  () => {
    const folded = createState();
    for (const event of events) apply(folded, event);
    return folded;
  },
  events.length,
);
const tasks = [...allTasks(state)];
const text = timed("stateText", () => stateText(state));
console.log(`  ${tasks.length} hot tasks, ${(text.length / 1e6).toFixed(2)} MB`);
timed("JSON.parse", () => JSON.parse(text) as WireState);
const wire = JSON.parse(text) as WireState;
timed("decodeState", () => decodeState(wire));
timed("wake: parse, decode, fold a tail of 1,000", () => {
  const revived = decodeState(JSON.parse(text) as WireState);
  for (const event of events.slice(-1_000)) apply(revived, { ...event, seq: revived.seq + 1 });
  return revived;
});
