/**
 * One sync: what the server has and the copy has not, checked on its way, then one commit.
 *
 *   server ──signed head──▶ pinned key? ahead of us? ──export──▶ chain ──▶ day files ──▶ signed head ──▶ git
 *
 * Nothing that lies in the copy is ever changed: files grow at their end, and a
 * server whose log is not the one that we have is refused. Killed anywhere, the
 * next run goes on after the last whole commit.
 */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Head } from "../../schema/wire/http.ts";
import { UserError } from "../command/user-error.ts";
import { appendText, cutToWhole, DayFiles } from "./append.ts";
import { alone, writerOf } from "./clone.ts";
import { checkIdentity, checkOwnPaths, commitPaths, push } from "./commit.ts";
import { openRepository, type Git } from "./git.ts";
import { writeHead } from "./heads.ts";
import { ATTRIBUTES, attributesPath, headsPath, makeProjectFolder, pinPath, writersIn } from "./layout.ts";
import { writePin } from "./pin.ts";
import { findPosition } from "./resume.ts";
import { compare, fetchAfter, trustedKeys, type ChainSource } from "./source.ts";

export interface SyncOptions {
  commit: boolean;
  push: boolean;
  /** A further public key to trust from now on. */
  trust: string | null;
}

export interface Synced {
  project: string;
  /** Events that came with this sync. */
  events: number;
  head: Head;
  /** The key that was pinned just now; null where one was known. */
  pinned: string | null;
  /** Short name of the git commit; null: there was nothing to commit, or it was not asked for. */
  commit: string | null;
  pushed: boolean;
}

export async function syncCopy(dir: string, source: ChainSource, options: SyncOptions): Promise<Synced> {
  const { git, state } = await openRepository(dir);
  if (options.commit) await checkIdentity(git);
  mkdirSync(dir, { recursive: true });
  return await alone(state, () => grow(resolve(dir), git, writerOf(state), source, options));
}

async function grow(
  dir: string,
  git: Git,
  writer: string,
  source: ChainSource,
  options: SyncOptions,
): Promise<Synced> {
  const ahead = await source.head();
  const { project } = ahead;
  const folder = makeProjectFolder(dir, project);
  const { keys, pinned } = trustedKeys(folder, ahead, options.trust);
  const own = (): string[] =>
    writersIn(folder)
      .filter((files) => files.writer === writer)
      .flatMap(({ days, heads }) => [...days.map(({ path }) => path), ...(heads === null ? [] : [heads])]);
  await checkOwnPaths(git, own());

  const position = await findPosition(folder, project, writer, keys);
  if (pinned !== null && position.signed_seq !== null)
    throw new UserError(
      `${pinPath(folder)} is missing, though heads were signed here. Restore it: \`git checkout HEAD -- ${pinPath(folder)}\`.`,
    );
  compare(position.head, ahead);
  // From here on the server is known to be the one that the copy came from.
  writePin(folder, project, keys);
  if (!existsSync(attributesPath(dir))) appendText(attributesPath(dir), ATTRIBUTES);
  cutToWhole(position.whole, (path) => (existsSync(path) ? statSync(path).size : 0));

  const fetched =
    ahead.seq === position.head.seq
      ? ahead
      : await fetchAfter(position, new DayFiles(folder, writer, position.day), source, project, keys);
  // Also where a kill came between the events and their head.
  if (fetched.seq !== position.signed_seq)
    appendText(headsPath(folder, writer), writeHead(position.last_head_line, fetched));

  const paths = [attributesPath(dir), pinPath(folder), ...own()];
  const events = fetched.seq - position.head.seq;
  const message = [
    `Sync ${project} to seq ${fetched.seq}`,
    `Head: ${fetched.seq}:${fetched.hash}\nSigned-At: ${new Date(fetched.signed_at).toISOString()}\nPublic-Key: ${fetched.public_key}`,
  ];
  const commit = options.commit ? await commitPaths(git, paths, message) : null;
  if (options.push) await push(git);
  const head = { seq: fetched.seq, hash: fetched.hash };
  return { project, events, head, pinned, commit, pushed: options.push };
}
