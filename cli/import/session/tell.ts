/**
 * Sessions of any tool as events.
 *
 *   sessions ──▶ lines ──▶ events ──▶ titles, calls ──▶ by time
 *
 * | in the transcript                    | event                                                        |
 * |--------------------------------------|--------------------------------------------------------------|
 * | a model call                         | one tokens_used, its id the request id (`archive.ts`)        |
 * | a tool's call and its result         | tool_called (`tool-log.ts`)                                  |
 * | a test runner's output               | test_passed, test_failed: evidence "output" (`test-run.ts`)  |
 * | a list of tasks                      | task_… (`task-list.ts`)                                      |
 * | a session, a branch                  | a task, a feature (`name.ts` says how they are called)       |
 * | main agent, subagents                | agent_initialized, agent_submitted, agent_stopped            |
 * | the end of a turn                    | agent_idle                                                   |
 * | a compaction                         | context_window_filled                                        |
 * | an error of the model's provider     | <tool>.api_error                                             |
 * | an interruption, a refused tool      | human_intervened                                             |
 *
 * Text of prompts, answers and files is not sent; titles are, cut short. What
 * all sessions tell is held until the end, as they overlap: about 1 KB for each
 * call of a model or a tool.
 */
import { sortByTime } from "../order.ts";
import type { Tally } from "../outgoing.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import type { Archive } from "./archive.ts";
import { makeEvent } from "./scene.ts";
import { tellSession, type Session } from "./session.ts";
import { sessionTitle, type SessionTold } from "./work.ts";

/** Longest id of a session, characters: tasks of the session begin with it. */
const MAX_SESSION_CHARS = 100;

/** What the envelope takes as an id. */
export function plainId(id: string): string {
  return id.replace(/[^\x21-\x7e]+/g, "-").slice(0, MAX_SESSION_CHARS);
}

/** Sessions come in the order in which they began: what a later one repeats belongs to the earlier. */
export async function tellSessions(
  sessions: AsyncIterable<Session> | Iterable<Session>,
  archive: Archive,
  tally: Tally,
  now_ms: number,
): Promise<OutgoingEvent[]> {
  const told: SessionTold[] = [];
  for await (const session of sessions) {
    const one = tellSession(session, archive, tally, now_ms);
    if (one !== null) told.push(one);
  }
  archive.tellCalls();
  // In front, so that at one instant the work exists before it moves.
  return sortByTime([...tellWork(archive, told), ...archive.events]);
}

/** Sessions become tasks, their branches features; both now have their titles. */
function tellWork(archive: Archive, sessions: readonly SessionTold[]): OutgoingEvent[] {
  const summaries = new Map<string, string>();
  for (const [leaf, summary] of archive.summaries) {
    const session = archive.lines.get(leaf)?.session;
    if (session !== undefined) summaries.set(session, summary);
  }
  const titles = new Map(
    sessions.map((told) => [told.id, sessionTitle(told, summaries.get(told.id) ?? null)]),
  );
  const events: OutgoingEvent[] = [];
  for (const feature of archive.features.values()) {
    const metadata = {
      title: feature.title ?? titles.get(feature.scene.session) ?? feature.id,
      kind: feature.kind,
      requested_by: "user",
      ...(feature.branch === null ? {} : { branch: feature.branch }),
    };
    events.push(makeEvent(feature.scene, "feature_requested", { metadata }));
    if (feature.ended_ms !== null)
      archive.tell({ ...feature.scene, ms: feature.ended_ms }, "feature_completed", {
        metadata: { reason: "the session ended", inferred: true },
      });
  }
  for (const { id, scene } of sessions) {
    const metadata = { title: titles.get(id) ?? id, kind: "session", assignee: scene.agent_id };
    events.push(makeEvent(scene, "task_created", { metadata }));
  }
  return events;
}
