/**
 * Codex's rollouts: `~/.codex/sessions/2026/01/31/rollout-<time>-<id>.jsonl`.
 *
 *   lines ──by clock──▶ head (who, where) ─┬▶ token_count ──▶ calls (usage.ts)
 *                                          ├▶ response_item ──▶ prompts, answers, tools (tool.ts)
 *                                          └▶ event_msg ──▶ ends of turns, errors, interruptions
 *
 * A subagent has a rollout of its own and is told as an agent of the session
 * that started it. Lines that a fork copied from its parent are left out.
 */
import { basename } from "node:path";
import type { Tally } from "../outgoing.ts";
import {
  emptySession,
  inOrder,
  type ReadSessions,
  type SourceFile,
  type Sources,
} from "../session/reading.ts";
import type { Session } from "../session/session.ts";
import { readObjects } from "../session/line-file.ts";
import { plainId } from "../session/tell.ts";
import { readHead, readLine, type Head, type RolloutLine } from "./rollout.ts";
import { RolloutTeller } from "./teller.ts";

interface Rollout {
  head: Head;
  lines: RolloutLine[];
}

const NAME = /^rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-(.+?)\.jsonl/;

export const readCodex: ReadSessions = async (files, sources, tally) => {
  const rollouts: Rollout[] = [];
  for (const file of files) {
    const rollout = await readRollout(file, sources, tally);
    if (rollout !== null) rollouts.push(rollout);
  }
  // Parents before their forks, whose copies are known by them.
  rollouts.sort((a, b) => a.head.start_ms - b.head.start_ms || (a.head.id < b.head.id ? -1 : 1));
  const heads = new Map(rollouts.map(({ head }) => [head.id, head]));
  const sessions = new Map<string, Session>();
  const counted = new Map<string, Set<string>>();
  for (const { head, lines } of rollouts) {
    const id = plainId(rootOf(head, heads));
    const session = sessions.get(id) ?? emptySession("codex", id);
    sessions.set(id, session);
    new RolloutTeller(head, ancestorsOf(head, heads), counted, session, tally).tell(lines);
  }
  return inOrder(sessions.values());
};

async function readRollout(file: SourceFile, sources: Sources, tally: Tally): Promise<Rollout | null> {
  const lines: RolloutLine[] = [];
  let last_ms: number | null = null;
  for await (const line of readObjects(file.path, sources, tally)) {
    const read: RolloutLine | string = readLine(line.raw, line, last_ms);
    if (typeof read === "string") {
      tally.skip(read, line.at);
      continue;
    }
    last_ms = read.ms;
    lines.push(read);
  }
  if (lines.length === 0) return null;
  lines.sort((a, b) => a.ms - b.ms);
  const name = basename(file.path).replace(/\.(?:jsonl|ndjson)(?:\.gz)?$/, "");
  const id = NAME.exec(basename(file.path))?.[1] ?? name;
  return {
    head: readHead(
      lines.find(({ type }) => type === "session_meta"),
      id,
    ),
    lines,
  };
}

/** The session that a person began. */
function rootOf(head: Head, heads: ReadonlyMap<string, Head>): string {
  const seen = new Set([head.id]);
  let id = head.id;
  for (
    let parent = head.parent;
    parent !== null && !seen.has(parent);
    parent = heads.get(parent)?.parent ?? null
  ) {
    seen.add(parent);
    id = parent;
  }
  return id;
}

/** The sessions whose history a rollout may begin with, the nearest first. */
function ancestorsOf(head: Head, heads: ReadonlyMap<string, Head>): string[] {
  const found: string[] = [];
  for (
    let id = head.forked_from;
    id !== null && !found.includes(id) && id !== head.id;
    id = heads.get(id)?.forked_from ?? null
  )
    found.push(id);
  return found;
}
