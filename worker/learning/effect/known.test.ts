import { expect, it, vi } from "vitest";
import type { Task } from "../../../schema/state/state.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import { findTask } from "../../../schema/state/select.ts";
import { busyEvent, strict } from "../../../schema/state/testing.ts";
import { drawnTasks } from "./known.ts";

const draws = ["live", "gone", "lost"].map((task_id) => ({
  ...{ lesson_id: "L", status: "active" as const, is_own: true, is_decided: false, task_id, withheld: false },
  ...{ share: 0.2, at_ms: 1, rank: 1, late: false, searched: false },
}));
function task(id: string): Task {
  const state = createState();
  apply(state, { ...busyEvent(2), event_type: "task_created", seq: 1, task_id: id }, strict);
  const found = findTask(state, id);
  if (found === undefined) throw new Error("no task was made");
  return found;
}

it("knows what the live state forgot by the archive, and who is in neither", async () => {
  const archived = vi.fn(async () => [task("gone")]);
  const tasks = await drawnTasks({ draws }, [task("live")], archived);
  expect(archived).toHaveBeenCalledWith(["gone", "lost"]);
  expect(["live", "gone", "lost", "never"].map((id) => tasks.get(id)?.id ?? tasks.get(id))).toEqual([
    ...["live", "gone", null, undefined],
  ]);
});

it("[B1] lets what it cannot look up wait, and says nothing of it", async () => {
  const say = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const tasks = await drawnTasks({ draws }, [task("live")], () => Promise.reject(new Error("down")));
  expect([tasks.has("live"), tasks.has("gone"), tasks.has("lost")]).toEqual([true, false, false]);
  expect(say).toHaveBeenCalledOnce();
  say.mockRestore();
});
