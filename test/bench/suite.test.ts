/** Every figure of the suite once, as small as it goes: that it runs and that it is true, never how fast. */
import { afterAll, describe, expect, it } from "vitest";
import { benchAppend } from "./append.ts";
import { benchAudit } from "./audit.ts";
import { benchCost } from "./cost.ts";
import type { Figure } from "./figure.ts";
import { benchFold } from "./fold.ts";
import { benchImport } from "./import.ts";
import { benchLessons } from "./lessons.ts";
import { LongLog } from "./long-log.ts";
import { median } from "./machine.ts";
import { benchMetrics } from "./metrics.ts";
import { benchParse } from "./parse.ts";
import { benchPast } from "./past.ts";
import { benchQuery } from "./query.ts";
import { benchRedact } from "./redact.ts";
import { benchSha256 } from "./sha256.ts";
import { benchShare } from "./share.ts";
import { benchStream } from "./stream.ts";
import { benchWake } from "./wake.ts";

const say = () => undefined;
/** Two segments of columns and one checkpoint. */
const log = new LongLog(10_500, say);

function measured(figures: Figure[], count: number): void {
  expect(figures).toHaveLength(count);
  for (const { what, runs, beside } of figures) {
    for (const value of [...runs, ...(beside?.runs ?? [])]) expect(value, what).toBeGreaterThan(0);
  }
}

describe("each benchmark, small", { timeout: 60_000 }, () => {
  afterAll(() => log.remove());

  it("[L1] append: the head is what was accepted, of the room and of the bare objects", async () => {
    const small = { batches: [1, 100], connections: 5, rounds: 1, duration_ms: 100, warm_up_ms: 50, say };
    measured(await benchAppend(small), 6);
  });

  it("[V1] stream: every viewer gets every seq once, in order", async () => {
    measured(await benchStream({ viewers: [1, 20], rate: 40, seconds: 0.25, say }), 2);
  });

  it("fold, parse, redact, share: they reach the end of their events", async () => {
    measured(await benchFold({ tasks: 100, runs: 1, say }), 1);
    measured(await benchParse({ rounds: 200, runs: 1 }), 4);
    measured(await benchRedact({ events: 50, text_bytes: 2_000, runs: 1 }), 5);
    measured(await benchShare({ tasks: 50, runs: 1 }), 6);
  });

  it("wake and past: the log is whole after a restart, and each look is of the seq that was asked for", async () => {
    measured(await benchWake({ log, runs: 1, say }), 1);
    measured(await benchPast({ log, runs: 1, looks: 2, say }), 3);
  });

  it("query: the groups hold every event, also those appended meanwhile", async () => {
    measured(await benchQuery({ events: 6_000, runs: 1, asks: 1, duration_ms: 100, say }), 2);
  });

  it("lessons: each is found by its own words, by the embedder that ships", async () => {
    measured(await benchLessons({ lessons: 600, searches: 3, runs: 1, say }), 2);
  });

  it("metrics: live and archived, each answer is of every event", async () => {
    measured(await benchMetrics({ events: 4_200, runs: 1, say }), 18);
  });

  it("import: the command's events are all there, and none twice", async () => {
    measured(await benchImport({ events: 600, runs: 1, say }), 1);
  });

  it("audit and sha256: the chain holds", async () => {
    measured(await benchAudit({ events: 2_000, idle_ms: 100, say }), 2);
    measured(await benchSha256({ sizes: [64], times: 100, runs: 1, say }), 2);
  });

  it("cost: at batch 100 at most 0.1 rows per event in the room, and all of it in D1", async () => {
    const figures = await benchCost({ events: 6_000, batches: [100], own_pace: false, say });
    measured(figures, 4);
    const value = (what: string) => median(figures.find((one) => one.what === what)?.runs ?? []);
    expect(value("rows written in the room, batch 100")).toBeLessThanOrEqual(0.1);
    expect(value("rows written in D1 beside entities, batch 100")).toBeLessThanOrEqual(0.02);
  });
});
