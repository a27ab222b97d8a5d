/** A lesson as the book keeps it, and what becomes of it: pure, by the events of its project's log. */
import { MAX_EVIDENCE } from "../../../schema/event/limits.ts";
import { MAX_LESSON_TAGS } from "../../../schema/wire/lesson-limits.ts";
import type { Lesson, LessonScope, LessonStatus } from "../../../schema/wire/lesson.ts";
import { MAX_SEQS } from "./limits.ts";
import type { Saying } from "./saying.ts";

/** Without `id`: that depends on who asks. `name`: what its own project calls it. */
export interface Kept extends Omit<Lesson, "id"> {
  name: string;
  /** Somebody looked at it: flags and an untrusted key no longer hold it back. */
  approved: boolean;
}

const UNVOUCHED = "It quotes somebody who took no part in the work. Somebody has to look at it first.";
const FLAGGED = "Its text shows patterns of prompt injection. Somebody has to look at it first.";

export function learn(project: string, name: string, saying: Saying): Kept {
  const { wants_team, at, seq, kind, by, key_id, is_unvouched, ...words } = saying;
  const is_flagged = words.flags.length > 0;
  const is_held = is_flagged || is_unvouched;
  return {
    ...{ name, project },
    ...words,
    provenance: { kind, by, key_id, seqs: [seq] },
    status: is_held ? "proposed" : "active",
    reason: is_flagged ? FLAGGED : is_unvouched ? UNVOUCHED : null,
    scope: wants_team && kind !== "key" && !is_held ? "team" : "project",
    wants_team: wants_team && (kind === "key" || is_held),
    approved: false,
    ...{ helpful: 0, harmful: 0, applied: 0, delivered: 0, withheld: 0, times: 1 },
    ...{ created_at: at, updated_at: at, used_at: at },
  };
}

/** A person taught it, or approved it, or other projects see it: what becomes of its words and its status is for people. */
export function isDecided({ approved, scope, provenance }: Kept): boolean {
  return approved || scope === "team" || provenance.kind === "person";
}

/**
 * Who may change its words: people, its own author, and Clusterfork's reflections where nobody decided about it, since they
 * quote what senders wrote (P2). Anybody else only says it again.
 */
export function mayEdit(kept: Kept, { kind, key_id, is_unvouched }: Saying): boolean {
  // Nor does what waits hold back what was told by those who took part.
  if (kind === "reflection") return !isDecided(kept) && !(is_unvouched && kept.status === "active");
  return kind === "person" || kept.provenance.key_id === key_id;
}

/** Said again in other words, by whoever may say so: the words change, what it did stays. New flags hold it back anew. */
export function edit(kept: Kept, saying: Saying): Kept {
  const fresh = learn(kept.project, kept.name, saying);
  const is_held = fresh.status === "proposed" && kept.status === "active";
  // What somebody approved were the words: new ones that no person said wait anew before other projects see them.
  const is_unseen = saying.kind !== "person" && kept.scope === "team" && isReworded(kept, fresh);
  // What a sender's flagged words held back is free again in Clusterfork's own; what a person decided stays so.
  const is_freed = saying.kind === "reflection" && kept.status === "proposed" && fresh.status === "active";
  const { headline, explanation, context, tags, category, importance, confidence, flags } = fresh;
  return {
    ...counted(kept, saying),
    ...{ headline, explanation, context, tags, category, importance, confidence, flags },
    provenance: { ...fresh.provenance, seqs: seqsWith(kept, saying.seq) },
    ...(is_held || is_freed ? { status: fresh.status, reason: fresh.reason } : {}),
    ...(is_held || is_unseen ? { scope: "project" as const } : {}),
    ...((is_held || is_unseen) && kept.scope === "team" ? { wants_team: true } : {}),
    approved: flags.length > 0 || is_unseen ? false : kept.approved,
    updated_at: saying.at,
  };
}

function isReworded(kept: Kept, fresh: Kept): boolean {
  return indexText(kept) !== indexText(fresh);
}

/** Said again: counted, and what it rests on is added. The words stay, and where somebody decided about them the tags too. */
export function merge(kept: Kept, saying: Saying): Kept {
  // A tag of somebody else's, flagged, would come in by the back door.
  const may_tag = saying.flags.length === 0 && (saying.kind === "person" || !isDecided(kept));
  const tags = may_tag ? saying.tags : [];
  return {
    ...counted(kept, saying),
    tags: [...new Set([...kept.tags, ...tags])].slice(0, MAX_LESSON_TAGS),
    // What is learned again and again matters more than anybody thought, by a point each time that it doubles.
    importance: Math.min(10, Math.max(kept.importance, kept.importance + doubled(kept.times + 1))),
    updated_at: Math.max(kept.updated_at, saying.at),
  };
}

/** In the words of those that are left, the oldest first, after what others said of it was purged; null: nobody is. */
export function restate(kept: Kept, left: readonly Saying[]): Kept | null {
  const newest = left.at(-1);
  if (newest === undefined) return null;
  const fresh = edit(kept, newest);
  const evidence = [...new Set(left.flatMap((saying) => saying.evidence))].slice(0, MAX_EVIDENCE);
  const seqs = left.map(({ seq }) => seq).slice(0, MAX_SEQS);
  return { ...fresh, times: left.length, evidence, provenance: { ...fresh.provenance, seqs } };
}

function doubled(times: number): number {
  return Number.isInteger(Math.log2(times)) ? 1 : 0;
}

function counted(kept: Kept, saying: Saying): Kept {
  return {
    ...kept,
    times: kept.times + 1,
    evidence: [...new Set([...kept.evidence, ...saying.evidence])].slice(0, MAX_EVIDENCE),
    provenance: { ...kept.provenance, seqs: seqsWith(kept, saying.seq) },
  };
}

function seqsWith({ provenance }: Kept, seq: number): number[] {
  return [...new Set([...provenance.seqs, seq])].slice(0, MAX_SEQS);
}

/** For the rest of its life, unless somebody approves it again. */
export function setStatus(kept: Kept, status: LessonStatus, reason: string | null, at: number): Kept {
  return { ...kept, status, reason, updated_at: Math.max(kept.updated_at, at) };
}

export function approve(kept: Kept, scope: LessonScope | null, reason: string | null, at: number): Kept {
  const is_team = (scope ?? (kept.wants_team ? "team" : kept.scope)) === "team";
  return {
    ...setStatus(kept, "active", reason, at),
    ...{ approved: true, wants_team: false, scope: is_team ? "team" : "project" },
  };
}

/** A judgement of somebody's took the place of his last one. */
export function judge(kept: Kept, before: number, value: number, at: number): Kept {
  const change = (of: number) => (value === of ? 1 : 0) - (before === of ? 1 : 0);
  return {
    ...kept,
    helpful: Math.max(0, kept.helpful + change(1)),
    harmful: Math.max(0, kept.harmful + change(-1)),
    used_at: value > 0 ? Math.max(kept.used_at, at) : kept.used_at,
  };
}

/** As a project sees it; null: it does not. */
export function seenBy(project: string, kept: Kept): Lesson | null {
  const { name, approved: _approved, ...lesson } = kept;
  if (project === kept.project) return { id: name, ...lesson };
  if (kept.scope !== "team" || kept.status !== "active") return null;
  return { id: `${kept.project}.${name}`, ...lesson };
}

/** What an index searches. */
export function indexText({ headline, explanation, context, tags }: Kept): string {
  return [headline, explanation, context, tags.join(" ")].filter(Boolean).join("\n");
}
