/**
 * The answer at the top of the view: how much is done, and what stands in the
 * way, each claim with the task that proves it. Says nothing that the log does
 * not know: no time of completion is promised here.
 */
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { GLYPH_OF } from "../ui/status.ts";
import { shortId } from "./card.ts";
import type { Wait } from "./conflict.ts";
import { countGlyphs } from "./status.ts";
import { grouped } from "../ui/grouped.ts";

/** Plain text, or a claim about one task. */
export interface Phrase {
  text: string;
  task: string | null;
}

/** Named one by one up to here; more are a number. */
const NAMED = 2;
const TIMES = ["", "once", "twice"];

export function headline(
  tasks: Task[],
  waits: Map<string, Wait>,
  agents: ProjectState["agents"],
  prefix: string | null,
): Phrase[] {
  const counts = countGlyphs(tasks);
  if (counts.total === 0) return [plain("No tasks yet.")];
  const name = (task: Task) => shortId(task.id, prefix);
  const phrases: Phrase[] = [plain(doneText(counts.done, counts.total))];
  const working = tasks.filter((task) => GLYPH_OF[task.status] === "progress");
  const at_work = [
    working.length > 0 ? `${grouped(working.length)} in progress` : "",
    counts.review > 0 ? `${grouped(counts.review)} in review` : "",
  ].filter((text) => text !== "");
  if (at_work.length > 0) phrases.push(plain(` ${at_work.join(", ")}.`));

  const failed = tasks.filter((task) => task.status === "failed");
  const waiting = tasks.filter((task) => waits.has(task.id) && task.closed_at === null);
  const blocked = tasks.filter((task) => task.status === "blocked" && !waits.has(task.id));
  const troubles = [
    ...claims(
      failed,
      (task) => `${name(task)} failed${task.attempts > 1 ? ` ${timesText(task.attempts)}` : ""}`,
      "failed",
    ),
    ...claims(waiting, (task) => waitText(name(task), waits.get(task.id), agents), "wait on locks"),
    ...claims(blocked, (task) => `${name(task)} is blocked`, "are blocked"),
  ];
  troubles.forEach((claim, index) => {
    phrases.push(plain(index === 0 ? " " : "; "), claim);
  });
  if (troubles.length > 0) phrases.push(plain("."));
  else if (counts.done === counts.total) return phrases;
  else if (at_work.length === 0) phrases.push(plain(` ${grouped(counts.pending)} pending, nobody at work.`));
  return phrases;
}

function claims(tasks: Task[], one: (task: Task) => string, many: string): Phrase[] {
  if (tasks.length > NAMED) return [plain(`${grouped(tasks.length)} ${many}`)];
  return tasks.map((task) => ({ text: one(task), task: task.id }));
}

function doneText(done: number, total: number): string {
  if (done === total) return total === 1 ? "The one task is done." : `All ${grouped(total)} tasks are done.`;
  return `${grouped(done)} of ${grouped(total)} done.`;
}

function waitText(name: string, wait: Wait | undefined, agents: ProjectState["agents"]): string {
  const holder = wait?.holder_agent ?? null;
  if (holder === null) return `${name} waits on a lock`;
  const gone = agents.get(holder)?.status === "crashed";
  return `${name} waits on a lock held by ${holder}${gone ? ", which crashed" : ""}`;
}

const timesText = (count: number) => TIMES[count] ?? `${String(count)} times`;
const plain = (text: string): Phrase => ({ text, task: null });
