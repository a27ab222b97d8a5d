/** The entries of a session's, or a team's, task list. */
import { lineOf, textIn } from "../payload.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { memberOf, plain, prose, say, type Scene } from "./scene.ts";

const MAX_TITLE_CHARS = 300;
const MAX_NUMBER_CHARS = 60;

/** A team's members share one list, and have a session each. */
export function taskOf({ payload, session_task }: Scene, number: string): string {
  const team = textIn(payload, "team_name");
  const list = team === null ? session_task : `team-${plain(team).slice(0, 100)}`;
  return `${list}/task-${number.replace(/[^\w.-]+/g, "-").slice(0, MAX_NUMBER_CHARS)}`;
}

/** The teammate whom an event is about, else its sender. */
export function teammateOf({ payload, main_agent, agent_id, role }: Scene): {
  agent_id: string;
  role: string;
} {
  const name = textIn(payload, "teammate_name");
  if (name === null) return { agent_id, role };
  return { agent_id: memberOf(main_agent, name), role: plain(name).slice(0, 64) };
}

export function readTask(scene: Scene, event_type: "task_created" | "task_completed"): OutgoingEvent[] {
  const { payload, context, session_task } = scene;
  const number = textIn(payload, "task_id");
  if (number === null) return [];
  const task = taskOf(scene, number);
  const description = textIn(payload, "task_description");
  return [
    say(scene, event_type, {
      ...teammateOf(scene),
      key: task,
      task,
      ...(event_type === "task_completed"
        ? {}
        : {
            metadata: {
              title: lineOf(textIn(payload, "task_subject"), MAX_TITLE_CHARS),
              kind: "todo",
              parent_id: task.startsWith(session_task) ? session_task : null,
              description: prose(description, context),
            },
            metrics: { description_chars: description?.length },
          }),
    }),
  ];
}
