/**
 * Claude Code's transcripts.
 *
 *   files ──peek──▶ sessions, by their first clock ──▶ lines ──▶ events ──▶ titles, calls ──▶ by time
 *
 * | in the transcript                    | event                                                        |
 * |--------------------------------------|--------------------------------------------------------------|
 * | lines of one message.id              | one tokens_used, its id the request id (`call.ts`)           |
 * | tool_use and its tool_result         | tool_called (`tool-log.ts`)                                  |
 * | a test runner's output               | test_passed, test_failed: evidence "output" (`test-run.ts`)  |
 * | TaskCreate, TaskUpdate, TodoWrite    | task_… (`task-list.ts`)                                      |
 * | a session, a branch                  | a task, a feature (`name.ts` says how they are called)       |
 * | pr-link                              | review_requested                                             |
 * | main agent, subagents                | agent_initialized, agent_submitted, agent_stopped            |
 * | turn_duration                        | agent_idle                                                   |
 * | compact_boundary                     | context_window_filled                                        |
 * | api_error, an answer that is an error| claude_code.api_error                                        |
 * | an interruption, a refused tool      | human_intervened                                             |
 *
 * Text of prompts, answers and files is not sent; titles are, cut short.
 * Sessions are read one after the other. What all of them tell is held until
 * the end, as sessions overlap: about 1 KB for each call of a model or a tool.
 */
import { UserError } from "../../command/user-error.ts";
import { parseObject, text, time } from "../json-field.ts";
import type { LineOutcome } from "../lines.ts";
import type { Tally } from "../outgoing.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { Archive } from "../session/archive.ts";
import type { Session } from "../session/session.ts";
import { plainId, tellSessions } from "../session/tell.ts";
import type { Transcript } from "./files.ts";
import { readRecord } from "./record.ts";

/** Lines of a file that are looked at for its session and its first clock. */
const PEEKED_LINES = 50;

export type OpenLines = (path: string) => AsyncIterable<LineOutcome>;

interface Group {
  id: string;
  first_ms: number;
  files: Transcript[];
}

export async function mapClaudeCode(
  files: readonly Transcript[],
  sources: { open: OpenLines; peek: OpenLines },
  tally: Tally,
  now_ms: number,
  archive = new Archive(),
): Promise<OutgoingEvent[]> {
  const groups = await groupBySession(files, sources.peek);
  async function* sessions(): AsyncGenerator<Session> {
    for (const group of groups) yield await readSession(group, sources.open, archive, tally);
  }
  return tellSessions(sessions(), archive, tally, now_ms);
}

/** Sessions in the order in which they began: what a later one repeats belongs to the earlier. */
async function groupBySession(files: readonly Transcript[], peek: OpenLines): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for (const file of files) {
    const { session, first_ms } = await look(file, peek);
    // Files that do not say it at once are sessions of their own; their lines name them.
    const key = session === "" ? file.path : session;
    const group = groups.get(key) ?? { id: session, first_ms: Infinity, files: [] };
    groups.set(key, group);
    group.first_ms = Math.min(group.first_ms, first_ms);
    group.files.push(file);
  }
  return [...groups.values()].sort((a, b) => a.first_ms - b.first_ms || (a.id < b.id ? -1 : 1));
}

async function look(file: Transcript, peek: OpenLines): Promise<{ session: string; first_ms: number }> {
  let session = file.session;
  let first_ms = Infinity;
  let left = PEEKED_LINES;
  try {
    for await (const line of peek(file.path)) {
      const raw = "text" in line ? parseObject(line.text) : "";
      if (typeof raw !== "string") {
        session ??= text(raw["sessionId"]);
        first_ms = Math.min(first_ms, time(raw["timestamp"]) ?? Infinity);
      }
      if ((session !== null && first_ms !== Infinity) || --left === 0) break;
    }
  } catch (error) {
    // Reading it in earnest reports what is wrong with it.
    if (!(error instanceof UserError)) throw error;
  }
  return { session: session ?? "", first_ms };
}

async function readSession(group: Group, open: OpenLines, archive: Archive, tally: Tally): Promise<Session> {
  const agent_types = new Map<string, string>();
  const session: Session = { tool: "claude-code", id: group.id, records: [], titles: [], agent_types };
  for (const file of group.files) {
    if (file.agent !== null && file.agent_type !== null) agent_types.set(file.agent, file.agent_type);
    try {
      for await (const line of open(file.path)) takeLine(line, file, session, archive, tally);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // One damaged file of many: what was read of it counts, the others go on.
      tally.records += 1;
      tally.skip(error.message, file.path);
    }
  }
  session.id = plainId(session.id || "unnamed");
  return session;
}

function takeLine(
  line: LineOutcome,
  file: Transcript,
  session: Session,
  archive: Archive,
  tally: Tally,
): void {
  tally.records += 1;
  const raw = "skipped" in line ? line.skipped : parseObject(line.text);
  if (typeof raw === "string") return tally.skip(raw, line.at);
  session.id ||= text(raw["sessionId"]) ?? "";
  const read = readRecord(raw, line.at);
  if ("skipped" in read) return tally.skip(read.skipped, line.at);
  if ("title" in read) {
    tally.mapped += 1;
    if (read.title.leaf === null) session.titles.push(read.title);
    else archive.summaries.set(read.title.leaf, read.title.title);
    return;
  }
  const { record } = read;
  if (file.agent !== null) {
    record.sidechain = true;
    record.agent ??= file.agent;
  }
  session.records.push(record);
}
