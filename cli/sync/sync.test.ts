/** Sync with real git repositories: what it writes, what it refuses, and that a kill or a merge costs nothing. */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NO_WITNESS } from "../../schema/event/witness.ts";
import { SampleLog } from "../../test/sample/chain.ts";
import { syncCopy, type SyncOptions } from "./sync.ts";
import { verifyCopy } from "./verify-copy.ts";

// Dozens of processes of git: seconds on a loaded machine.
vi.setConfig({ testTimeout: 60_000 });

let root: string;
let log: SampleLog;
const COMMIT: SyncOptions = { commit: true, push: false, trust: null };

function git(dir: string, ...args: string[]): string {
  return execFileSync("git", ["-C", dir, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function repository(name: string): string {
  const dir = join(root, name);
  git(root, "init", "--quiet", "--initial-branch=main", name);
  return dir;
}

const sync = (dir: string, options: Partial<SyncOptions> = {}) =>
  syncCopy(dir, log.source(), { ...COMMIT, ...options });
const verify = (dir: string) => verifyCopy(dir, log.project);
const folder = (dir: string) => join(dir, "events", log.project);
const files = (dir: string) => readdirSync(folder(dir)).sort();
const dayFile = (dir: string) =>
  join(folder(dir), files(dir).findLast((name) => name.startsWith("2026-")) ?? "");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "clusterfork-sync-"));
  // Nothing of this machine's user: neither name nor hooks nor signing.
  writeFileSync(
    join(root, "gitconfig"),
    "[user]\n\tname = Sam\n\temail = sam@example.com\n[commit]\n\tgpgsign = false\n",
  );
  vi.stubEnv("GIT_CONFIG_GLOBAL", join(root, "gitconfig"));
  vi.stubEnv("GIT_CONFIG_SYSTEM", "/dev/null");
  log = new SampleLog();
  log.append(3);
  log.append(1);
  log.append(5);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe("a sync", () => {
  it("[L5] writes the log by days, with a signed head, as one commit that verifies", async () => {
    const dir = repository("copy");
    log.step_ms = 86_400_000;
    log.append(2);
    const done = await sync(dir);
    expect(done).toMatchObject({ project: log.project, events: 11, head: log.head });
    expect(done.pinned).toBe(log.signed().public_key);
    expect(files(dir).map((name) => name.replace(/[0-9a-f]{12}/, "W"))).toEqual([
      "2026-11-20.W.jsonl",
      "2026-11-21.W.jsonl",
      "clusterfork.json",
      "heads.W.jsonl",
    ]);
    expect(git(dir, "status", "--porcelain")).toBe("");
    expect(git(dir, "log", "-1", "--format=%B")).toContain(`Head: 11:${log.head.hash}`);
    expect(git(dir, "check-attr", "merge", "text", "--", dayFile(dir))).toMatch(
      /merge: union[^]*text: unset/,
    );
    expect(await verify(dir)).toMatchObject({ ok: true, head: log.head, signed: log.signed() });
  });

  it("adds what is new and no more, and nothing where there is nothing", async () => {
    const dir = repository("copy");
    await sync(dir);
    const before = readFileSync(dayFile(dir), "utf8");
    expect(await sync(dir)).toMatchObject({ events: 0, commit: null, pinned: null });
    log.append(2);
    expect(await sync(dir)).toMatchObject({ events: 2, head: log.head });
    expect(readFileSync(dayFile(dir), "utf8").startsWith(before)).toBe(true);
    expect(git(dir, "rev-list", "--count", "HEAD").trim()).toBe("2");
    expect(await verify(dir)).toMatchObject({ ok: true, head: log.head });
  });

  it("keeps an empty log, and one that begins with forgotten events", async () => {
    log = new SampleLog();
    const dir = repository("copy");
    expect(await sync(dir)).toMatchObject({ events: 0, head: { seq: 0 } });
    expect(await verify(dir)).toMatchObject({ ok: true, head: { seq: 0 } });
    log.append(2);
    log.append(2);
    for (const seq of [1, 2, 4]) log.forget(seq);
    await sync(dir);
    expect(await verify(dir)).toMatchObject({ ok: true, head: log.head, forgotten: [1, 2, 4] });
  });

  it("works in a folder below, on a detached head, and leaves other paths alone", async () => {
    const dir = repository("work");
    for (const name of ["README", "staged", "changed"]) writeFileSync(join(dir, name), "one\n");
    git(dir, "add", "README", "changed");
    git(dir, "commit", "--quiet", "-m", "begin");
    git(dir, "checkout", "--quiet", "--detach");
    git(dir, "add", "staged");
    appendFileSync(join(dir, "changed"), "two\n");
    writeFileSync(join(dir, "untracked"), "");
    await sync(join(dir, "deep", "chain"));
    expect(git(dir, "status", "--porcelain").trimEnd().split("\n")).toEqual([
      " M changed",
      "A  staged",
      "?? untracked",
    ]);
    expect(git(dir, "show", "--name-only", "--format=", "HEAD")).not.toMatch(/staged|changed|untracked/);
    expect(await verify(join(dir, "deep", "chain"))).toMatchObject({ ok: true });
  });

  it("without a commit leaves the files to the next one, and pushes what was committed", async () => {
    const dir = repository("copy");
    expect(await sync(dir, { commit: false })).toMatchObject({ events: 9, commit: null });
    expect(git(dir, "status", "--porcelain")).toContain("?? events/");
    expect((await sync(dir)).commit).not.toBeNull();
    await expect(sync(dir, { push: true })).rejects.toThrow(/committed, but not pushed/);
    git(root, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git");
    git(dir, "remote", "add", "origin", join(root, "origin.git"));
    git(dir, "config", "push.autoSetupRemote", "true");
    expect(await sync(dir, { push: true })).toMatchObject({ pushed: true, events: 0 });
    expect(git(join(root, "origin.git"), "rev-parse", "main")).toBe(git(dir, "rev-parse", "HEAD"));
  });
});

describe("two clones", () => {
  async function clones(): Promise<[string, string]> {
    git(root, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git");
    const one = repository("one");
    git(one, "remote", "add", "origin", join(root, "origin.git"));
    git(one, "config", "push.autoSetupRemote", "true");
    await sync(one, { push: true });
    git(root, "clone", "--quiet", "origin.git", "two");
    return [one, join(root, "two")];
  }

  it("[L5] that sync at the same time merge without a conflict, and the result verifies", async () => {
    const [one, two] = await clones();
    log.append(2);
    await sync(one, { push: true });
    log.append(2);
    await sync(two);
    await expect(sync(two, { push: true })).rejects.toThrow(/git pull/);
    git(two, "pull", "--quiet", "--no-rebase", "--no-edit");
    expect(await verify(two)).toMatchObject({ ok: true, head: log.head });
    expect(await sync(two, { push: true })).toMatchObject({ events: 0 });
    log.append(1);
    git(one, "pull", "--quiet");
    expect(await sync(one)).toMatchObject({ events: 1 });
    expect(await verify(one)).toMatchObject({ ok: true, head: log.head });
  });

  it("[L5] that are copies with one writer's name are merged line by line, and the result verifies", async () => {
    const [one] = await clones();
    cpSync(one, join(root, "twin"), { recursive: true });
    const twin = join(root, "twin");
    log.append(2);
    await sync(one, { push: true });
    log.forget(10);
    log.append(3);
    await sync(twin);
    git(twin, "pull", "--quiet", "--no-rebase", "--no-edit");
    expect(await verify(twin)).toMatchObject({ ok: true, head: log.head });
    log.append(1);
    expect(await sync(twin)).toMatchObject({ events: 1 });
    expect(await verify(twin)).toMatchObject({ ok: true, head: log.head });
  });

  it("[L5] that hold a blank which no event of the log explains do not verify", async () => {
    const dir = repository("blank");
    log.append(3, 2);
    log.forgetWitnessed(11);
    await sync(dir);
    expect(await verify(dir)).toMatchObject({ ok: true, unwitnessed: 0, forgotten: [11] });
    log.append(2, 2);
    await sync(dir);
    const [commit = "", event = ""] = log.lines(13).slice(1);
    log.forget(14);
    const [blanked = "", gone = ""] = log.lines(13).slice(1);
    const text = readFileSync(dayFile(dir), "utf8");
    writeFileSync(dayFile(dir), text.replace(commit, blanked).replace(event, gone));
    expect(await verify(dir)).toMatchObject({ ok: false, seq: 14, reason: NO_WITNESS });
    // A server that hands out such a log is not believed either.
    await expect(sync(repository("fresh"))).rejects.toThrow("broken at seq 14");
  });

  it("[L5] of which one holds another commit under the same seqs do not verify", async () => {
    const dir = repository("copy");
    await sync(dir);
    const forged = new SampleLog("33");
    forged.append(3);
    const { salts, leaves, lines, head } = forged.commits[0]!;
    const commit = {
      clusterfork: "commit",
      first_seq: 1,
      last_seq: 3,
      salts: salts.toString("hex"),
      leaves: leaves.toString("hex"),
      head,
    };
    writeFileSync(
      join(folder(dir), "2026-11-20.ffffffffffff.jsonl"),
      `${[JSON.stringify(commit), ...lines].join("\n")}\n`,
    );
    expect(await verify(dir)).toMatchObject({ ok: false });
  });
});

describe("[L5] a sync that was cut off", () => {
  it("goes on after the last whole commit, wherever it was killed", async () => {
    const whole = repository("whole");
    await sync(whole, { commit: false });
    const day = dayFile(whole);
    const bytes = readFileSync(day);
    const cuts = Array.from({ length: 40 }, (_, i) => Math.floor((bytes.length * i) / 40) + (i % 3));
    for (const [i, cut] of [...cuts, bytes.length - 1, bytes.length].entries()) {
      const dir = join(root, `killed-${i}`);
      cpSync(whole, dir, { recursive: true });
      truncateSync(dayFile(dir), cut);
      const heads = join(folder(dir), files(dir).find((name) => name.startsWith("heads.")) ?? "");
      // The head is written after the events: it was not there yet, or half.
      if (i % 2 === 0) rmSync(heads);
      else truncateSync(heads, 30);
      // Events and no head: not whole, until the next run.
      expect(await verify(dir)).toMatchObject({ ok: false });
      await sync(dir, { commit: false });
      expect(readFileSync(dayFile(dir)).equals(bytes)).toBe(true);
      expect(await verify(dir)).toMatchObject({ ok: true, head: log.head });
    }
  });

  it("keeps what came before the connection broke", async () => {
    const dir = repository("copy");
    for (const [since, part] of [
      [0, 0.6],
      [4, 0.5],
    ] as const) {
      log.cut_after_bytes = Math.floor(Buffer.byteLength(log.lines(since).join("\n")) * part);
      await expect(sync(dir)).rejects.toThrow(/goes on where it stopped/);
    }
    log.cut_after_bytes = null;
    // The first four had come whole.
    expect(await sync(dir)).toMatchObject({ events: 5 });
    expect(await verify(dir)).toMatchObject({ ok: true, head: log.head });
  });

  it("leaves a lock that its successor removes, while a running one keeps others out", async () => {
    const dir = repository("copy");
    const lock = join(dir, ".git", "clusterfork", "lock");
    mkdirSync(join(dir, ".git", "clusterfork"));
    writeFileSync(lock, String(process.ppid));
    await expect(sync(dir)).rejects.toThrow(/another sync/);
    // Above the largest id that Linux gives.
    writeFileSync(lock, "99999999");
    await sync(dir);
    expect(existsSync(lock)).toBe(false);
  });
});

describe("[L5] a sync refuses, and writes nothing, where", () => {
  async function refused(dir: string, words: RegExp, options: Partial<SyncOptions> = {}): Promise<void> {
    const before = snapshot(dir);
    await expect(sync(dir, options)).rejects.toThrow(words);
    expect(snapshot(dir)).toEqual(before);
  }
  const snapshot = (dir: string) =>
    readdirSync(dir, { recursive: true, encoding: "utf8" })
      .filter((path) => path.startsWith("events/") && statSync(join(dir, path)).isFile())
      .sort()
      .map((path) => [path, readFileSync(join(dir, path), "utf8")]);

  it("the server's log is shorter, or another one", async () => {
    const dir = repository("copy");
    await sync(dir);
    log.rewind(2);
    await refused(dir, /ends at seq 4, and this copy has it up to seq 9/);
    log.append(5);
    await refused(dir, /another one than this copy: its head at seq 9 differs/);
    log.append(1);
    await refused(dir, /another one than this copy/);
  });

  it("the server's key is another one, until a person trusts it", async () => {
    const dir = repository("copy");
    await sync(dir);
    log.rotate("22");
    log.append(1);
    const { public_key } = log.signed();
    await refused(dir, new RegExp(`--trust-key ${public_key}`));
    expect(await sync(dir, { trust: public_key })).toMatchObject({ events: 1 });
    expect(await verify(dir)).toMatchObject({ ok: true });
    log.append(1);
    await sync(dir);
    const other = repository("other");
    await refused(other, /another key than the one that is expected/, { trust: "0".repeat(64) });
  });

  it("its own lines were changed, its pin is gone, or a merge is open", async () => {
    const dir = repository("copy");
    await sync(dir);
    const day = dayFile(dir);
    const text = readFileSync(day, "utf8");
    log.append(1);
    writeFileSync(day, text.replace("task_progress", "task_progres5"));
    await refused(dir, /was changed after it was committed/);
    git(dir, "commit", "--quiet", "-am", "tampered");
    await refused(dir, /damaged: the event is not the one that was stored \(seq 1\)/);
    git(dir, "revert", "--no-edit", "HEAD");
    rmSync(join(folder(dir), "clusterfork.json"));
    await refused(dir, /clusterfork.json is missing/);
    git(dir, "checkout", "--quiet", "HEAD", "--", ".");
    git(dir, "checkout", "--quiet", "-b", "without");
    git(dir, "rm", "--quiet", day);
    git(dir, "commit", "--quiet", "-m", "remove");
    git(dir, "checkout", "--quiet", "main");
    await sync(dir);
    expect(() => git(dir, "merge", "--quiet", "without")).toThrow();
    await refused(dir, /in the middle of a merge/);
  });

  it("what the server sends does not verify", async () => {
    const dir = repository("copy");
    const { head } = log.source();
    const tampered = {
      head,
      export: () => Promise.resolve([Buffer.from(log.lines().join("\n").replace("event-5", "event-6"))]),
    };
    const source = tampered as unknown as ReturnType<SampleLog["source"]>;
    await expect(syncCopy(dir, source, COMMIT)).rejects.toThrow(/broken at seq 5/);
    expect(await sync(dir)).toMatchObject({ head: log.head });
    expect(await verify(dir)).toMatchObject({ ok: true });
  });

  it("there is no repository, no git, no name to commit under, or a link leads out", async () => {
    const bare = join(root, "none");
    mkdirSync(bare);
    await expect(sync(bare)).rejects.toThrow(/git init/);
    const dir = repository("copy");
    mkdirSync(join(dir, "events"));
    symlinkSync(bare, join(dir, "events", log.project));
    await expect(sync(dir)).rejects.toThrow(/symbolic link/);
    rmSync(join(dir, "events"), { recursive: true });
    writeFileSync(join(root, "gitconfig"), "[user]\n\tuseConfigOnly = true\n");
    await expect(sync(dir)).rejects.toThrow(/git config user.name/);
    expect(existsSync(join(dir, "events"))).toBe(false);
    await sync(dir, { commit: false });
    vi.stubEnv("PATH", "/nowhere");
    await expect(sync(dir)).rejects.toThrow(/git is not on the PATH/);
  });
});
