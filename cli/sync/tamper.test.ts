/** 1,000 random changes of what sync keeps, by seed: each is found, and the first bad seq is named. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ChainVerifier } from "../chain/verify.ts";
import { SampleLog } from "../../test/sample/chain.ts";
import { CHANGES, randomOf, tamper } from "../../test/sample/tamper.ts";
import { firstDifference, firstTakenOut } from "./source.ts";
import { syncCopy } from "./sync.ts";
import { verifyCopy } from "./verify-copy.ts";

const RUNS = 1_000;
const dir = mkdtempSync(join(tmpdir(), "clusterfork-tamper-"));
const log = new SampleLog();
/** Where each sync ended. */
const ends: number[] = [];
const folder = join(dir, "events", log.project);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

beforeAll(async () => {
  execFileSync("git", ["init", "--quiet", dir]);
  const random = randomOf(2);
  // Parts of four days.
  log.step_ms = 3_600_000;
  for (let commit = 1; commit <= 60; commit += 1) {
    log.append(1 + random(4));
    if (commit === 10) for (const seq of [7, 8, 9, 15]) log.forget(seq);
    if (commit % 10 !== 0) continue;
    await syncCopy(dir, log.source(), { commit: false, push: false, trust: null });
    ends.push(log.head.seq);
  }
});

/** The seqs that a line of a file stands for. */
function seqsOf(name: string, lines: string[], index: number): { first: number; last: number } {
  if (name === "clusterfork.json") return { first: 1, last: 1 };
  if (name.startsWith("heads.")) {
    const first = (ends[index - 1] ?? 0) + 1;
    return { first, last: first };
  }
  const line = JSON.parse(lines[index] ?? "null") as {
    clusterfork?: string;
    seq: number;
    first_seq: number;
    last_seq: number;
  } | null;
  // Behind the last line: the file after it goes on, with the seq that comes next.
  if (line === null) {
    const { last } = seqsOf(name, lines, index - 1);
    return { first: last + 1, last: last + 1 };
  }
  return line.clusterfork === "commit"
    ? { first: line.first_seq, last: line.last_seq }
    : { first: line.seq, last: line.seq };
}

it(`[L5] ${RUNS} random edits, deletions, reorders and cut tails of a copy: each is found with its seq`, async () => {
  expect(await verifyCopy(dir, log.project)).toMatchObject({
    ok: true,
    head: log.head,
    forgotten: [7, 8, 9, 15],
  });
  const names = readdirSync(folder).sort();
  expect(names).toHaveLength(6);
  const met = new Set<string>();
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const random = randomOf(seed);
    // Mostly the log itself; the pin is small.
    const name = names[random(10) === 0 ? names.length - 1 - random(2) : random(names.length - 2)] ?? "";
    const path = join(folder, name);
    const whole = readFileSync(path);
    const { bytes, what, line, end_only } = tamper(whole, random);
    writeFileSync(path, bytes);
    const verdict = await verifyCopy(dir, log.project);
    writeFileSync(path, whole);
    const { first, last } = seqsOf(name, whole.toString().split("\n"), line);
    const named = verdict.ok ? null : verdict.seq;
    const story = `seed ${seed}: ${what} at line ${line} of ${name}, seqs ${first} to ${last}, named ${named}`;
    expect(verdict.ok, story).toBe(false);
    const edited = what === "edit" || what === "insert" || what === "remove";
    // A line without its end may be the last of its commit, or have the next one missing.
    const latest = end_only
      ? seqsOf(name, whole.toString().split("\n"), line + 1).last
      : edited
        ? last
        : first;
    expect(named !== null && named >= first && named <= latest, story).toBe(true);
    met.add(`${what} ${name.slice(0, 5)}`);
  }
  expect(met.size).toBe(3 * CHANGES.length);
}, 60_000);

it("[L5] compared with a server that has another log, the first seq that differs is found", async () => {
  const copy = await verifyCopy(dir, log.project);
  if (!copy.ok) throw new Error(copy.reason);
  const against = (other: SampleLog) => firstDifference(copy.heads, other.head, other.source());
  expect(await against(log)).toBeNull();
  const longer = log.fork();
  longer.append(3);
  expect(await against(longer)).toBeNull();
  for (const kept of [0, 1, 20, 59]) {
    const forked = log.fork(kept);
    const first = forked.head.seq + 1;
    expect(await against(forked)).toBe(first);
    for (let commit = 0; commit < 70; commit += 1) forked.append(2);
    expect(await against(forked)).toBe(first);
  }
});

it("[L5] an event that is passed off as forgotten, salt and all, shows against the server", async () => {
  expect(await firstTakenOut([7, 8, 9, 15], log.source())).toBeNull();
  const other = log.fork();
  other.forget(20);
  // The chain cannot tell: this is how the server forgets.
  const verifier = new ChainVerifier();
  for (const line of other.lines()) verifier.line(Buffer.from(line));
  expect(verifier.verdict()).toMatchObject({ ok: true, forgotten: 5 });
  expect(await firstTakenOut([7, 8, 9, 15, 20], log.source())).toBe(20);
});

it("[L5] a copy that was rewritten as a whole, chain and all, shows against the heads that were signed", async () => {
  const place = mkdtempSync(join(tmpdir(), "clusterfork-rewritten-"));
  execFileSync("git", ["init", "--quiet", place]);
  const mine = log.fork(2);
  await syncCopy(place, mine.source(), { commit: false, push: false, trust: null });
  const agreed = mine.head.seq;
  const forged = mine.fork();
  mine.append(3);
  forged.append(2);
  forged.append(1);
  await syncCopy(place, mine.source(), { commit: false, push: false, trust: null });
  const files = join(place, "events", log.project);
  const day = join(files, readdirSync(files).find((name) => name.startsWith("2026-")) ?? "");
  writeFileSync(
    day,
    forged
      .lines()
      .slice(1, -1)
      .map((line) => `${line}\n`)
      .join(""),
  );
  expect(await verifyCopy(place, log.project)).toMatchObject({ ok: false, seq: agreed + 1 });
  rmSync(place, { recursive: true });
});

it("[L5] lines that a merge joined count once, with and without an event that was forgotten meanwhile", async () => {
  const place = mkdtempSync(join(tmpdir(), "clusterfork-joined-"));
  execFileSync("git", ["init", "--quiet", place]);
  const mine = new SampleLog();
  mine.append(3);
  await syncCopy(place, mine.source(), { commit: false, push: false, trust: null });
  const [, commit, , second] = mine.lines();
  mine.forget(2);
  const [, without, one, gone, three] = mine.lines();
  const files = join(place, "events", log.project);
  const day = join(files, readdirSync(files).find((name) => name.startsWith("2026-")) ?? "");
  for (const joined of [
    [commit, without, one, second, gone, three],
    [without, commit, one, gone, second, three, commit, one, second, three],
  ]) {
    writeFileSync(day, joined.map((line) => `${line}\n`).join(""));
    expect(await verifyCopy(place, log.project)).toMatchObject({ ok: true, head: mine.head });
  }
  writeFileSync(day, [commit, one, three, second].map((line) => `${line}\n`).join(""));
  expect(await verifyCopy(place, log.project)).toMatchObject({ ok: false, seq: 2 });
  rmSync(place, { recursive: true });
});
