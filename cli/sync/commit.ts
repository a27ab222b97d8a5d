/** What sync asks of git: whether its own paths are as it left them, one commit of just those, and a push. */
import { UserError } from "../command/user-error.ts";
import { wordsOf, type Git } from "./git.ts";

/** Before anything is written. */
export async function checkIdentity(git: Git): Promise<void> {
  const { code } = await git.run("var", "GIT_COMMITTER_IDENT");
  if (code !== 0)
    throw new UserError(
      "git does not know who commits. Tell it: `git config user.name NAME` and `git config user.email ADDRESS`, or run with --no-commit.",
    );
}

/** Own paths may have grown since the last commit, as after a kill; anything else was not sync's doing. */
export async function checkOwnPaths(git: Git, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const status = await git.must(
    "git cannot tell the state of the copy.",
    "status",
    "--porcelain",
    "-z",
    "--",
    ...paths,
  );
  const unmerged = status.split("\0").find((entry) => /^(?:U.|.U|AA|DD) /.test(entry));
  if (unmerged !== undefined)
    throw new UserError(
      `${unmerged.slice(3)} is in the middle of a merge. Finish it with git, then run this again; nothing was written.`,
    );
  if ((await git.run("rev-parse", "--verify", "--quiet", "HEAD")).code !== 0) return;
  const changes = await git.must(
    "git cannot compare the copy.",
    "diff",
    "--numstat",
    "--no-renames",
    "-z",
    "HEAD",
    "--",
    ...paths,
  );
  for (const change of changes.split("\0")) {
    const [, removed, path] = change.split("\t");
    if (removed === undefined || removed === "0" || path === undefined) continue;
    throw new UserError(
      `${path} was changed after it was committed: sync only ever adds lines. \`git diff -- ${path}\` shows how, \`git checkout HEAD -- ${path}\` restores it. Nothing was written.`,
    );
  }
}

/** The new commit's short name; null when all was committed already. Other paths, staged or not, stay as they are. */
export async function commitPaths(
  git: Git,
  paths: readonly string[],
  message: string[],
): Promise<string | null> {
  const meaning = "The events are written but not committed; the next sync commits them.";
  const changed = await git.must(
    meaning,
    "status",
    "--porcelain",
    "-z",
    "--untracked-files=all",
    "--ignored",
    "--",
    ...paths,
  );
  if (changed === "") return null;
  await git.must(meaning, "add", "--", ...paths);
  const texts = message.flatMap((text) => ["-m", text]);
  await git.must(meaning, "commit", "--quiet", ...texts, "--", ...paths);
  return (await git.must(meaning, "rev-parse", "--short", "HEAD")).trim();
}

export async function push(git: Git): Promise<void> {
  const done = await git.run("push", "--quiet");
  if (done.code === 0) return;
  throw new UserError(
    `everything is committed, but not pushed. ${wordsOf(done)}. If the other side has new commits, \`git pull\` them first: files of different clones never conflict. Then run this again with --push.`,
  );
}
