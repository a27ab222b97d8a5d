/** The task that a session is, and the features that its lines belong to. */
import { sessionWork } from "../../../schema/event/session.ts";
import type { Archive } from "./archive.ts";
import {
  branchName,
  branchTitle,
  commandTitle,
  isTopic,
  promptTitle,
  repositoryOf,
  titleOf,
} from "./name.ts";
import type { GivenTitle, TranscriptRecord } from "./record.ts";
import type { Scene } from "./scene.ts";

/** What the end of the import needs to know of a session. */
export interface SessionTold {
  id: string;
  scene: Scene;
  titles: GivenTitle[];
  prompt: string | null;
  command: string | null;
  slug: string | null;
}

/** Characters from which on a prompt says what the session is about; "hi" does not. */
const TELLING_CHARS = 12;

/** A person's prompt: the first one names the session, until one comes that says something. */
export function hear(told: SessionTold, prompt: string): void {
  told.command ??= commandTitle(prompt);
  const title = promptTitle(prompt);
  if (title === null || (told.prompt?.length ?? 0) >= TELLING_CHARS) return;
  if (told.prompt === null || title.length >= TELLING_CHARS) told.prompt = title;
}

/**
 * The feature of each line: the topic branch it was on; on a main branch the
 * one that the session comes to, as that is what it was for; without any, the
 * session itself.
 */
export function featuresOf(
  records: readonly TranscriptRecord[],
  session: string,
): (record: TranscriptRecord, archive: Archive, scene: Scene) => string {
  const repository = repositoryOf(records.find((record) => record.cwd !== null)?.cwd ?? null);
  let topic = records.find((record) => isTopic(record.branch))?.branch ?? null;
  return (record, archive, scene) => {
    if (isTopic(record.branch)) topic = record.branch;
    const id = topic === null ? sessionWork(session) : `${repository}/${branchName(topic)}`;
    if (!archive.features.has(id))
      archive.features.set(id, {
        id,
        title: topic === null ? null : branchTitle(topic),
        kind: topic === null ? "session" : "branch",
        branch: topic === null ? null : branchName(topic),
        scene: { ...scene, ms: record.ms, feature: id, task: "" },
        ended_ms: null,
      });
    return id;
  };
}

/** The session's name, from the best source that there is. */
export function sessionTitle(told: SessionTold, summary: string | null): string {
  const given = (source: GivenTitle["source"]): string | null =>
    told.titles.findLast((title) => title.source === source)?.title ?? null;
  const words =
    given("custom") ??
    given("ai") ??
    summary ??
    told.prompt ??
    told.command ??
    told.slug?.replaceAll("-", " ");
  return titleOf(words ?? "") ?? `session ${told.id.slice(0, 8)}`;
}
