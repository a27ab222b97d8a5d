/** The graph as a list for a narrow screen: what needs a person comes first, what is done last. */
import type { Task } from "../../../schema/state/state.ts";
import { GLYPH_OF } from "../ui/status.ts";
import type { Wait } from "./conflict.ts";

export interface Section {
  title: string;
  tasks: Task[];
}

/** `next`: nothing that it depends on is open, so somebody could take it now. */
export function triage(tasks: Task[], waits: Map<string, Wait>, isOpen: (id: string) => boolean): Section[] {
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
        (task.dependencies.some(isOpen) ? pending : next).push(task);
        break;
      case "done":
        done.push(task);
    }
  }
  const newest = (a: Task, b: Task) => b.status_at - a.status_at;
  const urgent = (a: Task, b: Task) => (a.priority ?? 99) - (b.priority ?? 99) || a.first_seq - b.first_seq;
  return [
    { title: "Needs a person", tasks: person.sort(newest) },
    { title: "Working now", tasks: working.sort(newest) },
    { title: "Next", tasks: next.sort(urgent) },
    { title: "Other pending", tasks: pending.sort(urgent) },
    { title: "Done", tasks: done.sort(newest) },
  ].filter((section) => section.tasks.length > 0);
}
