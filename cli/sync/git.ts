/** The user's own git, started without a shell. Nothing of its words is parsed but what is made for programs. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UserError } from "../command/user-error.ts";
import { clean } from "../print/terminal.ts";

/** Set by git for its hooks: they would send us to another repository than the folder's. */
const PLACE_VARIABLES = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_COMMON_DIR",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
];
/** How much of git's words is shown, characters. */
const MAX_WORDS = 600;

export interface GitRun {
  code: number;
  out: string;
  err: string;
}

export class Git {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Whatever its exit code. */
  run(...args: string[]): Promise<GitRun> {
    const env: NodeJS.ProcessEnv = { ...process.env };
    for (const name of PLACE_VARIABLES) Reflect.deleteProperty(env, name);
    // Where nobody can answer, a question for a password would hang for ever.
    if (!process.stdin.isTTY) env["GIT_TERMINAL_PROMPT"] ??= "0";
    const child = spawn("git", ["--literal-pathspecs", "-C", this.#dir, ...args], {
      env,
      stdio: ["inherit", "pipe", "pipe"],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    return new Promise((done, fail) => {
      child.once("error", (error) => {
        const absent = "code" in error && error.code === "ENOENT";
        fail(
          new UserError(absent ? "git is not on the PATH. Install it; sync commits with it." : error.message),
        );
      });
      child.once("close", (code) =>
        done({ code: code ?? 1, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
      );
    });
  }

  /** Its output; a failure is told with git's own words and what they mean for the copy. */
  async must(meaning: string, ...args: string[]): Promise<string> {
    const { code, out, err } = await this.run(...args);
    if (code !== 0) throw new UserError(`${meaning} ${wordsOf({ err, out })}`);
    return out;
  }
}

export function wordsOf({ err, out }: Pick<GitRun, "err" | "out">): string {
  return `git said: ${clean((err.trim() || out.trim()).replace(/\s*\n\s*/g, " / "), MAX_WORDS)}`;
}

/** The repository that holds `dir`, which need not exist yet. `state`: its private folder, where a clone's own things are. */
export async function openRepository(dir: string): Promise<{ git: Git; state: string }> {
  let existing = resolve(dir);
  while (!existsSync(existing)) existing = dirname(existing);
  const git = new Git(existing);
  const { code, out } = await git.run("rev-parse", "--is-inside-work-tree", "--absolute-git-dir");
  const [inside, git_dir] = out.split("\n");
  if (code !== 0 || inside !== "true" || git_dir === undefined || git_dir === "")
    throw new UserError(
      `${dir} is in no git repository's work tree. Make one: \`git init ${dir}\`, then run this again.`,
    );
  return { git, state: `${git_dir}/clusterfork` };
}
