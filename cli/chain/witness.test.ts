/** A blank that the log does not explain is tampering (L5), in an export; test/worker/witness.test.ts has the room's side. */
import { expect, it } from "vitest";
import { NO_WITNESS } from "../../schema/event/witness.ts";
import { SampleLog } from "../../test/sample/chain.ts";
import { ChainVerifier, type Verdict } from "./verify.ts";

function verdictOf(log: SampleLog, since = 0): Verdict {
  const verifier = new ChainVerifier();
  for (const line of log.lines(since)) verifier.line(Buffer.from(line));
  return verifier.verdict();
}

function sample(v: number): SampleLog {
  const log = new SampleLog();
  for (let commit = 0; commit < 10; commit += 1) log.append(4, v);
  return log;
}

it("[L5] what a witness names was forgotten, and a blank that none names is found with its seq", () => {
  const log = sample(2);
  log.forgetWitnessed(3, 20);
  log.append(2, 2);
  expect(verdictOf(log)).toMatchObject({ ok: true, events: 41, forgotten: 2, unwitnessed: 0 });
  log.forget(31);
  expect(verdictOf(log)).toEqual({ ok: false, seq: 31, reason: NO_WITNESS });
  expect(verdictOf(log, 28)).toMatchObject({ ok: false, seq: 31 });
  log.forget(1);
  expect(verdictOf(log)).toMatchObject({ ok: false, seq: 1 });
});

it("[L5] a witness names nothing that came after it", () => {
  const log = sample(2);
  log.forgetWitnessed(3, 43);
  log.append(4, 2);
  log.forget(43);
  expect(verdictOf(log)).toMatchObject({ ok: false, seq: 43 });
});

it("[L5] what was blank before there were witnesses is counted", () => {
  const log = sample(1);
  log.forget(1);
  log.forget(7);
  expect(verdictOf(log)).toMatchObject({ ok: true, forgotten: 2, unwitnessed: 2 });
  log.append(3, 2);
  log.forgetWitnessed(41);
  expect(verdictOf(log)).toMatchObject({ ok: true, forgotten: 3, unwitnessed: 2 });
  log.forget(43);
  expect(verdictOf(log)).toMatchObject({ ok: false, seq: 43 });
});
