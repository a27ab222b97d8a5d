/**
 * What a share link costs its room: `npm run bench:share`. Medians of many rounds; the figures are for the
 * eye, no test depends on them.
 *
 * MAX_REDACTED_PER_SECOND (worker/room/limits.ts) stands on them: 10,000 events a second are at most a tenth of the room's time.
 */
import { apply, createState } from "../../schema/state/apply.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { SHARE_VIEWS } from "../../schema/state/share-view.ts";
import { stateText } from "../../schema/state/encode.ts";
import { policyOf, REDACTIONS } from "../../schema/wire/share.ts";
import { createLens } from "../../worker/share/lens.ts";

const ROUNDS = 201;
const FRAME_EVENTS = 100;
const TASKS = 2_000;

function median_ms(work: () => void): number {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

const event = (seq: number): StoredEvent => ({
  seq,
  received_at: "2026-11-22T14:23:16.000Z",
  id: `01JDK3V9T2Q8W7Z6Y5X4R3P2N${seq}`,
  timestamp: "2026-11-22T14:23:15.120Z",
  event_type: ["task_created", "task_claimed", "tokens_used", "tool_called"][seq % 4] ?? "",
  agent_id: `coder-${seq % 20}`,
  agent_role: "coder",
  task_id: `TASK-${seq % TASKS}`,
  feature_id: "add-auth",
  metadata: {
    title: "Add the retry with backoff",
    model: "claude-sonnet-5",
    files: ["src/client/retry.ts", "src/client/retry.test.ts"],
    message: "Add the retry with backoff to the client and cover it with tests",
  },
  metrics: { input_tokens: 1200, cache_read_tokens: 9000, output_tokens: 480, cost_usd: 0.011 },
  source: "api",
  key_id: "abcdefghijkl",
  v: 1,
});

const lines = Array.from({ length: FRAME_EVENTS }, (_, i) => JSON.stringify(event(i + 1)));
const state = createState();
for (let seq = 1; seq <= 4 * TASKS; seq++) apply(state, event(seq));

const links = [
  ["nothing redacted", [], [...SHARE_VIEWS]],
  ["all redacted", [...REDACTIONS], [...SHARE_VIEWS]],
  ["all redacted, Task Flow alone", [...REDACTIONS], ["flow" as const]],
] as const;
for (const [title, redactions, views] of links) {
  const lens = createLens("a secret of 32 characters or more", "share0000001", {
    views,
    policy: policyOf(redactions),
  });
  const frame_ms = median_ms(() => {
    for (const line of lines) lens.line(line);
  });
  const state_ms = median_ms(() => lens.stateText(state));
  console.log(
    `${title}: ${((frame_ms * 1000) / FRAME_EVENTS).toFixed(1)} µs an event, ${frame_ms.toFixed(2)} ms a frame of ${FRAME_EVENTS}; ` +
      `a state of ${state.open_tasks.size} tasks ${state_ms.toFixed(1)} ms`,
  );
}
console.log(`for comparison, that state for a member: ${median_ms(() => stateText(state)).toFixed(1)} ms`);
