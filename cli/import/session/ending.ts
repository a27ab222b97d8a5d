/** How a session and its agents end. */
import { MAIN } from "./agents.ts";
import type { Archive } from "./archive.ts";
import type { Scene } from "./scene.ts";
import type { TaskList } from "./task-list.ts";
import type { SessionTold } from "./work.ts";

/** An agent of the session. */
export interface Speaker {
  first: Scene;
  last: Scene;
  tools: number;
}

/** Told once nothing was said for a day: until then the session may go on. */
export function tellEnd(
  archive: Archive,
  told: SessionTold,
  speakers: ReadonlyMap<string, Speaker>,
  tasks: TaskList,
  finished: boolean,
): void {
  for (const [key, { first, last, tools }] of speakers) {
    if (key === MAIN) continue;
    archive.tell(last, "agent_submitted", {
      metrics: { duration_ms: last.ms - first.ms, tool_calls: tools },
      metadata: { to: told.scene.agent_id },
    });
    archive.tell(last, "agent_stopped");
  }
  const main = speakers.get(MAIN)?.last;
  if (main === undefined) return;
  if (finished) {
    // Nobody says that a session's work is done: its agent had the last word, and nobody came back.
    const files = tasks.files(told.scene.task);
    const done = { ...main, task: told.scene.task };
    archive.tell(done, "task_completed", {
      ...files,
      metadata: { ...files.metadata, reason: "the session ended", inferred: true },
    });
    const feature = archive.features.get(main.feature);
    if (feature?.kind === "session") feature.ended_ms = main.ms;
  }
  archive.tell({ ...main, task: told.scene.task }, "agent_stopped", {
    metadata: { reason: "the session ended" },
  });
}
