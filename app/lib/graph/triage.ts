/** The graph as a list for a narrow screen: what needs a person comes first, what is done last. */
import type { Task } from "../../../schema/state/entity/task.ts";
import { GLYPH_OF } from "../ui/status.ts";
import type { Wait } from "./conflict.ts";

export interface Section {
  title: string;
  tasks: Task[];
}

/** `path`: ids of the critical path, the first first. What could be taken up now leads the rest of what is pending. */
export function triage(
  tasks: Task[],
  waits: Map<string, Wait>,
  isOpen: (id: string) => boolean,
  path: readonly string[],
): Section[] {
  const place = new Map(path.map((id, index) => [id, index]));
  const person: Task[] = [];
  const working: Task[] = [];
  const next: Task[] = [];
  const pending: Task[] = [];
  const done: Task[] = [];
  for (const task of tasks) {
    switch (GLYPH_OF[task.status]) {
      case "failed":
      case "blocked":
        person.push(task);
        break;
      case "review":
      case "progress":
        (waits.has(task.id) ? person : working).push(task);
        break;
      case "pending":
        (place.has(task.id) ? next : pending).push(task);
        break;
      case "done":
        done.push(task);
    }
  }
  const newest = (a: Task, b: Task) => b.status_at - a.status_at;
  const urgent = (a: Task, b: Task) => (a.priority ?? 99) - (b.priority ?? 99) || a.first_seq - b.first_seq;
  const waiting = new Set(pending.filter((task) => task.dependencies.some(isOpen)));
  const ready = (a: Task, b: Task) => Number(waiting.has(a)) - Number(waiting.has(b)) || urgent(a, b);
  return [
    { title: "Needs a person", tasks: person.sort(newest) },
    { title: "Working now", tasks: working.sort(newest) },
    {
      title: "Next on the critical path",
      tasks: next.sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0)),
    },
    { title: next.length > 0 ? "Other pending" : "Pending", tasks: pending.sort(ready) },
    { title: "Done", tasks: done.sort(newest) },
  ].filter((section) => section.tasks.length > 0);
}
