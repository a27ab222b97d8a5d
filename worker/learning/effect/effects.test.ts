import { expect, it } from "vitest";
import { apply, createState } from "../../../schema/state/apply.ts";
import { findTask } from "../../../schema/state/select.ts";
import type { Task } from "../../../schema/state/state.ts";
import { busyEvent, strict } from "../../../schema/state/testing.ts";
import { against } from "../reflect/say.ts";
import { retiring } from "./effects.ts";

const HOUR_MS = 3_600_000;
/** As the live state has it. */
function ended(id: string, event_type: "task_completed" | "task_failed"): Task {
  const state = createState();
  apply(state, { ...busyEvent(2), event_type: "task_created", seq: 1, task_id: id }, strict);
  apply(state, { ...busyEvent(2), event_type, seq: 2, task_id: id }, strict);
  const found = findTask(state, id);
  if (found === undefined) throw new Error("no task was made");
  return found;
}

it("[T5] retires what harms where nobody decided about it, and asks a person where somebody did", () => {
  const tasks = new Map<string, Task>();
  const begin_ms = ended("first", "task_completed").closed_at ?? 0;
  const draws = Array.from({ length: 200 }, (_, n) => {
    const [task_id, withheld] = [`t${String(n)}`, n % 5 === 0];
    tasks.set(task_id, ended(task_id, withheld ? "task_completed" : "task_failed"));
    const coin = {
      task_id,
      withheld,
      share: 0.2,
      at_ms: begin_ms + n * HOUR_MS,
      rank: 1,
      late: false,
      searched: false,
    };
    return { ...coin, status: "active" as const, is_own: true };
  });
  const found = retiring(
    {
      draws: [
        ...draws.map((draw) => ({ ...draw, lesson_id: "nobody's", is_decided: false })),
        ...draws.map((draw) => ({ ...draw, lesson_id: "a person's", is_decided: true })),
        ...draws.map((draw) => ({ ...draw, lesson_id: "theirs", is_decided: true, is_own: false })),
      ],
    },
    tasks,
    begin_ms + 1_000 * HOUR_MS,
  );
  expect(found.map(({ lesson_id, is_decided }) => [lesson_id, is_decided])).toEqual([
    ["nobody's", false],
    ["a person's", true],
  ]);
  const said = found.map((one) => against(one, { at: "2026-11-23T12:00:00.000Z" }));
  expect(said).toMatchObject([
    { event_type: "lesson_retired", metadata: { lesson_id: "nobody's", rule: "effect" } },
    { event_type: "escalated_to_user", metadata: { kind: "approval" } },
  ]);
  expect(said[1]?.metadata?.["reason"]).toMatch(/^Tasks succeeded less often with it: .*“a person's”\.$/);
});
