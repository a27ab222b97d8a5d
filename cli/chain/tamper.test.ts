/** 1,000 random changes of an export, by seed: each is found, and the first bad seq is named. */
import { expect, it } from "vitest";
import { SampleLog } from "../../test/sample/chain.ts";
import { CHANGES, randomOf, tamper } from "../../test/sample/tamper.ts";
import { rawLines } from "./raw-lines.ts";
import { ChainVerifier, type Verdict } from "./verify.ts";

const RUNS = 1_000;

const log = new SampleLog();
const random = randomOf(1);
for (let commit = 0; commit < 60; commit += 1) log.append(1 + random(6));
for (const seq of [7, 8, 9, 30, 77]) log.forget(seq);
const lines = log.lines();
const whole = Buffer.from(lines.map((line) => `${line}\n`).join(""));

/** The seqs that a line stands for: an event its own, a commit's line all of the commit's. */
function seqsOf(index: number): { first: number; last: number } {
  if (index === 0) return { first: 1, last: 1 };
  const line = JSON.parse(lines[index] ?? "{}") as {
    clusterfork?: string;
    seq: number;
    first_seq: number;
    last_seq: number;
  };
  if (line.clusterfork === "commit") return { first: line.first_seq, last: line.last_seq };
  const seq = line.clusterfork === "end" ? line.seq + 1 : line.seq;
  return { first: seq, last: seq };
}

async function verdictOf(bytes: Buffer): Promise<Verdict> {
  const verifier = new ChainVerifier({ keys: [log.signed().public_key] });
  const chunks = async function* () {
    yield await Promise.resolve(bytes);
  };
  for await (const line of rawLines(chunks())) verifier.line(line);
  return verifier.verdict();
}

it(`[L5] ${RUNS} random edits, deletions, reorders and cut tails of an export: each is found with its seq`, async () => {
  expect(await verdictOf(whole)).toMatchObject({ ok: true, forgotten: 5 });
  const met = new Set<string>();
  for (let seed = 1; seed <= RUNS; seed += 1) {
    const { bytes, what, line, end_only } = tamper(whole, randomOf(seed));
    // The last line without its end says the same: nothing of the log is gone.
    if (end_only && line === lines.length - 1) continue;
    const verdict = await verdictOf(bytes);
    // Without its end a line still counts; the one after it does not.
    const { first, last } = seqsOf(end_only ? line + 1 : line);
    const named = verdict.ok ? null : verdict.seq;
    const story = `seed ${seed}: ${what} at line ${line}, seqs ${first} to ${last}, named ${named}`;
    expect(verdict.ok, story).toBe(false);
    // Of a changed commit's line, the first seq that it no longer proves.
    const exact = what === "edit" || what === "insert" || what === "remove" ? last : first;
    expect(named !== null && named >= first && named <= exact, story).toBe(true);
    met.add(what);
  }
  expect(met.size).toBe(CHANGES.length);
}, 60_000);

it("[L5] a first line that claims a later beginning is blamed, and not the seq that it names", async () => {
  const claim = { clusterfork: "export", v: 1, previous: { seq: 80, hash: "0".repeat(64) } };
  const bytes = Buffer.from([JSON.stringify(claim), ...lines.slice(1)].map((line) => `${line}\n`).join(""));
  expect(await verdictOf(bytes)).toMatchObject({ ok: false, seq: 1 });
});

it("[L5] an event that is merely taken out is not forgotten: its salt is still there", async () => {
  const at = lines.findIndex((line) => line.startsWith('{"seq":40,'));
  const bytes = Buffer.from(
    lines
      .with(at, '{"clusterfork":"forgotten","seq":40}')
      .map((line) => `${line}\n`)
      .join(""),
  );
  expect(await verdictOf(bytes)).toMatchObject({ ok: false, seq: 40 });
});
