/**
 * One session, line by line in the order of the clocks, as events.
 *
 *   records ──▶ seen before? ──▶ scene (agent, task, feature) ──▶ what was said ──▶ events
 *
 * The title is decided last, when all files were read: a summary may stand in
 * a later session's file.
 */
import { sessionWork } from "../../../schema/event/session.ts";
import type { Tally } from "../outgoing.ts";
import { agentId, castOf, MAIN, type Cast } from "./agents.ts";
import { QUIET_MS, type Archive } from "./archive.ts";
import { branchName } from "./name.ts";
import { tellEnd, type Speaker } from "./ending.ts";
import type { ApiError, GivenTitle, Said, TranscriptRecord } from "./record.ts";
import { OpenCalls } from "./open-calls.ts";
import type { Scene } from "./scene.ts";
import { TaskList } from "./task-list.ts";
import { ToolLog } from "./tool-log.ts";
import { featuresOf, hear, type SessionTold } from "./work.ts";

export interface Session {
  /** The tool that wrote it: `claude-code`, `codex`, … */
  tool: string;
  id: string;
  records: TranscriptRecord[];
  titles: GivenTitle[];
  /** Types of subagents, as files beside their transcripts say. */
  agent_types: ReadonlyMap<string, string>;
}

export function tellSession(
  session: Session,
  archive: Archive,
  tally: Tally,
  now_ms: number,
): SessionTold | null {
  const records = session.records.toSorted((a, b) => a.ms - b.ms);
  const cast = castOf(records, session.agent_types);
  const session_task = sessionWork(session.id);
  const tasks = new TaskList(session_task, archive.tell);
  const tools = new ToolLog(tasks, archive, tally);
  const speakers = new Map<string, Speaker>();
  const calls = new OpenCalls();
  const features = featuresOf(records, session.id);
  const told: SessionTold = {
    id: session.id,
    scene: {
      tool: session.tool,
      ms: 0,
      agent_id: agentId(session.tool, session.id, MAIN),
      role: "main",
      session: session.id,
      feature: "",
      task: session_task,
    },
    titles: session.titles,
    prompt: null,
    command: null,
    slug: null,
  };
  let begun = false;
  let finished = false;
  let last: TranscriptRecord | null = null;
  const model = firstModel(records, cast);

  for (const record of records) {
    const { said } = record;
    const call = said.kind === "assistant" || said.kind === "usage" ? said.call : null;
    const joined = call !== null && archive.join(call);
    if (record.uuid !== null) {
      const known = archive.lines.get(record.uuid);
      const owner = archive.owners.get(record.uuid) ?? session.id;
      // A copy keeps its clock; ids that merely repeat (`u1`) stand on other lines.
      if (known?.ms === record.ms || (known === undefined && owner !== session.id)) {
        if (record.aside !== true)
          tally.skip("the same line again (a resumed session, or a subagent's own file)", record.at);
        continue;
      }
      archive.owners.set(record.uuid, session.id);
      archive.lines.set(record.uuid, { ms: record.ms, session: session.id });
    }
    if (record.aside !== true) tally.mapped += 1;
    const key = cast.keyOf(record);
    const scene: Scene = {
      tool: session.tool,
      ms: record.ms,
      agent_id: agentId(session.tool, session.id, key),
      role: cast.roleOf(key),
      session: session.id,
      feature: features(record, archive, told.scene),
      task: tasks.current(key, MAIN),
    };
    if (!begun) {
      begun = true;
      told.scene = { ...told.scene, ms: record.ms, feature: scene.feature };
    }
    const speaker = speakers.get(key);
    if (speaker === undefined) {
      speakers.set(key, { first: scene, last: scene, tools: 0 });
      archive.tell(scene, "agent_initialized", {
        metadata: {
          runtime: session.tool,
          role: scene.role,
          ...(record.version === null ? {} : { version: record.version.slice(0, 100) }),
          ...(key !== MAIN || model === null ? {} : { model }),
          ...(key === MAIN ? {} : { parent_agent: agentId(session.tool, session.id, MAIN) }),
        },
      });
      if (key === MAIN) {
        archive.tell(scene, "task_claimed");
        archive.tell(scene, "task_started", branchOf(record));
      }
    } else speaker.last = scene;
    if (key === MAIN) finished = hadLastWord(said) ?? finished;
    calls.hear(key, said);
    last = record;

    switch (said.kind) {
      case "assistant": {
        told.slug ??= said.slug;
        if (said.call !== null) {
          const asked = record.parent === null || joined ? undefined : archive.lines.get(record.parent);
          archive.call(said.call, scene, asked?.ms ?? null);
        }
        for (const use of said.uses) {
          tools.use(use, scene, key, record.cwd);
          const by = speakers.get(key);
          if (by !== undefined) by.tools += 1;
        }
        if (said.error !== null) tellError(archive, scene, said.error, record);
        break;
      }
      case "usage":
        archive.call(said.call, scene, null);
        break;
      case "user":
        told.slug ??= said.slug;
        for (const result of said.results) tools.result(result, scene);
        if (said.interrupted)
          archive.tell(scene, "human_intervened", {
            metadata: { action: "interrupted", by: "user" },
            record: record.uuid ?? record.at,
          });
        if (said.prompt !== null && key === MAIN) hear(told, said.prompt);
        break;
      case "turn ended":
        archive.tell(scene, "agent_idle", { metadata: { reason: "turn ended" }, record: record.uuid ?? "" });
        break;
      case "compacted":
        archive.tell(scene, "context_window_filled", {
          metadata: {
            action: said.action,
            ...(said.trigger === null ? {} : { trigger: said.trigger.slice(0, 100) }),
          },
          metrics: said.used_tokens === null ? {} : { used_tokens: Math.round(said.used_tokens) },
          record: record.uuid ?? "",
        });
        break;
      case "api error":
        tellError(archive, scene, said.error, record);
        break;
      case "pull request":
        archive.tell(scene, "review_requested", {
          metadata: {
            pull_request: `${(said.repository ?? "").slice(0, 200)}#${said.number}`,
            ...(said.url === null ? {} : { url: said.url.slice(0, 1_000) }),
          },
        });
        break;
    }
  }
  if (last === null) return null;
  const over = now_ms - last.ms >= QUIET_MS;
  if (!over) {
    for (const message_id of calls.unfinished())
      if (archive.holdBack(message_id))
        tally.note("a model call that is still being written; the next import tells it", last.at);
  }
  tools.end(over);
  if (over) tellEnd(archive, told, speakers, tasks, finished);
  return told;
}

/** Whether the agent has said what it had to say; null for lines that nobody says. */
function hadLastWord(said: Said): boolean | null {
  if (said.kind === "assistant") return said.uses.length === 0 && said.error === null;
  if (said.kind === "user") return false;
  return said.kind === "turn ended" ? true : null;
}

function tellError(archive: Archive, scene: Scene, error: ApiError, record: TranscriptRecord): void {
  archive.tell(scene, `${scene.tool.replaceAll("-", "_")}.api_error`, {
    metadata: error.type === null ? {} : { error_type: error.type.slice(0, 200) },
    metrics: {
      ...(error.status === null ? {} : { status: error.status }),
      ...(error.attempt === null ? {} : { attempt: error.attempt }),
    },
    record: record.uuid ?? record.at,
  });
}

function branchOf(record: TranscriptRecord): { metadata?: { branch: string } } {
  return record.branch === null ? {} : { metadata: { branch: branchName(record.branch) } };
}

function firstModel(records: readonly TranscriptRecord[], cast: Cast): string | null {
  for (const record of records) {
    if (record.said.kind !== "assistant" || cast.keyOf(record) !== MAIN) continue;
    const model = record.said.call?.model;
    if (model !== undefined && model !== null) return model.slice(0, 200);
  }
  return null;
}
