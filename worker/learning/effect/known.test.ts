import { expect, it, vi } from "vitest";
import type { Task } from "../../../schema/state/entity/task.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import { findTask } from "../../../schema/state/select.ts";
import { busyEvent, strict } from "../../../schema/state/testing.ts";
import { drawnTasks, endsOf } from "./known.ts";

const draws = ["live", "gone", "lost"].map((task_id) => ({
  ...{ lesson_id: "L", status: "active" as const, task_id, withheld: false },
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

it("says of a session that nobody calls its end good or bad, and nothing of what was not looked up", () => {
  const session = { ...task("gone"), kind: "session" };
  const known = new Map<string, Task | null>([
    ["live", task("live")],
    ["gone", session],
  ]);
  expect(endsOf({ draws: [...draws, ...draws] }, known)).toEqual([
    ["live", expect.objectContaining({ closed_at: null, finished: false })],
    ["gone", null],
  ]);
});

it("[B1] lets what it cannot look up wait, and says nothing of it", async () => {
  const say = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const tasks = await drawnTasks({ draws }, [task("live")], () => Promise.reject(new Error("down")));
  expect([tasks.has("live"), tasks.has("gone"), tasks.has("lost")]).toEqual([true, false, false]);
  expect(say).toHaveBeenCalledOnce();
  say.mockRestore();
});

it("looks up the tasks of a young lesson in a project that drew for 5,000 before, and of active ones first", async () => {
  const drawn = (lesson_id: string, from: number, to: number, status: "active" | "retired" = "active") =>
    Array.from({ length: to - from }, (_, n) => ({
      ...{ lesson_id, status, task_id: `t${String(from + n)}` },
      ...{ withheld: false, share: 0.2, at_ms: from + n, rank: 1, late: false, searched: false },
    }));
  const all = [
    ...drawn("retired", 0, 5_000, "retired"),
    ...drawn("old", 5_000, 10_000),
    ...drawn("new", 10_000, 10_100),
  ];
  const archived = vi.fn(async (_ids: readonly string[]): Promise<Task[]> => []);
  const tasks = await drawnTasks({ draws: all }, [], archived);
  expect(tasks.size).toBe(5_000);
  for (const id of ["t10000", "t10099", "t5000", "t9899"]) expect(tasks.has(id), id).toBe(true);
  // The last of the old one's, and all of what is over, wait.
  for (const id of ["t9900", "t9999", "t0"]) expect(tasks.has(id), id).toBe(false);
});
