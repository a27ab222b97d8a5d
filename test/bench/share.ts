/**
 * `npm run bench -- share`: what a share link costs its room.
 *
 * MAX_REDACTED_PER_SECOND (worker/room/limits.ts) stands on it: 10,000 events a second are at most a tenth of the room's time.
 */
import { apply, createState } from "../../schema/state/apply.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { SHARE_VIEWS } from "../../schema/state/share-view.ts";
import { stateText } from "../../schema/state/encode.ts";
import { policyOf, REDACTIONS } from "../../schema/wire/share.ts";
import { createLens } from "../../worker/share/lens.ts";
import { check, figure, type Figure } from "./figure.ts";

const FRAME_EVENTS = 100;

const event = (seq: number, tasks: number): StoredEvent => ({
  seq,
  received_at: "2026-11-22T14:23:16.000Z",
  id: `01JDK3V9T2Q8W7Z6Y5X4R3P2N${seq}`,
  timestamp: "2026-11-22T14:23:15.120Z",
  event_type: ["task_created", "task_claimed", "tokens_used", "tool_called"][seq % 4] ?? "",
  agent_id: `coder-${seq % 20}`,
  agent_role: "coder",
  task_id: `TASK-${seq % tasks}`,
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

const LINKS = [
  ["nothing redacted", [], [...SHARE_VIEWS]],
  ["all redacted", [...REDACTIONS], [...SHARE_VIEWS]],
  ["all redacted, Task Flow alone", [...REDACTIONS], ["flow" as const]],
] as const;

export interface ShareOptions {
  tasks?: number;
  /** Many and short. */
  runs?: number;
}

export async function benchShare({ tasks = 2_000, runs = 101 }: ShareOptions = {}): Promise<Figure[]> {
  const times_ms = (work: () => void): number[] =>
    Array.from({ length: runs }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    });
  const lines = Array.from({ length: FRAME_EVENTS }, (_, i) => JSON.stringify(event(i + 1, tasks)));
  const state = createState();
  for (let seq = 1; seq <= 4 * tasks; seq++) apply(state, event(seq, tasks));
  const whole = stateText(state);
  const for_member = times_ms(() => stateText(state));
  return LINKS.flatMap(([title, redactions, views]) => {
    const lens = createLens("a secret of 32 characters or more", "share0000001", {
      views,
      policy: policyOf(redactions),
    });
    const hides = lens.stateText(state).includes("Add the retry") !== whole.includes("Add the retry");
    check(hides === redactions.length > 0, `a link with ${title} shows what it should not, or too little`);
    const frame_ms = times_ms(() => {
      for (const line of lines) lens.line(line);
    });
    return [
      figure(
        `share link, ${title}, an event`,
        "µs",
        frame_ms.map((ms) => (ms * 1_000) / FRAME_EVENTS),
      ),
      figure(
        `share link, ${title}, a state of ${state.open_tasks.size} tasks`,
        "ms",
        times_ms(() => lens.stateText(state)),
        { beside: { what: "for a member", runs: for_member } },
      ),
    ];
  });
}
