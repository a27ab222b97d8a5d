/**
 * `npm run bench -- dashboard`: the Task Flow as a lead feels it: the served product (run `npm run build` before), a
 * real browser. A recorded town where it is there (else the simulated team) for first loads and panning; the simulated
 * team at 500 events/s for streaming. `paint`, `frames` and `heap` are its parts alone. CLUSTERFORK_BENCH_MINUTES sets
 * how long the heap is watched after its warm-up (10).
 */
import type { Browser } from "playwright-core";
import { signUp } from "../e2e/account.ts";
import { launchBrowser } from "../e2e/browser.ts";
import { runCommand } from "../e2e/command.ts";
import { dataFolder, startServer, type Running } from "../e2e/server.ts";
import { RECORDED_FILES } from "../e2e/sources.ts";
import { openDesk, openGraph, type Report, type Say } from "./dashboard-desk.ts";
import { framesOfPast, framesOfStream } from "./dashboard-frames.ts";
import { watchHeap } from "./dashboard-heap.ts";
import { firstLoads } from "./dashboard-loads.ts";
import { watchFrames } from "./dashboard-page.ts";
import { check, figure, type Figure } from "./figure.ts";
import { load, quantile } from "./machine.ts";

const RATE_PER_S = 500;
const PARTS = ["paint", "frames", "heap"] as const;

export interface DashboardOptions {
  say?: Say;
  parts?: readonly (typeof PARTS)[number][];
}

interface Bench {
  server: Running;
  browser: Browser;
  parts: ReadonlySet<(typeof PARTS)[number]>;
  report: Report;
  say: Say;
}

async function ofPast({ server, browser, parts, report, say }: Bench): Promise<void> {
  const town = RECORDED_FILES.find(({ format, here }) => format === "gastown" && here);
  const past = await signUp(server.url, "Bench past");
  const filling = runCommand(
    town === undefined
      ? ["simulate", "--features", "200", "--quiet"]
      : ["import", town.format, ...town.paths, "--quiet"],
    { url: server.url, key: past.keys.ingest, home: server.data },
  );
  const filled = await filling.ended;
  check(filled.code === 0, `filling failed: ${filled.err}`);
  say(`${town === undefined ? "a simulated team" : town.name}; load ${load()}`);
  if (parts.has("paint")) await firstLoads(browser, server.url, past, "flow", report);
  if (parts.has("frames")) await framesOfPast(browser, server.url, past, report, say);
}

async function ofStream({ server, browser, parts, report, say }: Bench): Promise<void> {
  const team = await signUp(server.url, "Bench stream");
  const sender = runCommand(
    ["simulate", "--features", "endless", "--coders", "12", "--rate", String(RATE_PER_S), "--quiet"],
    { url: server.url, key: team.keys.ingest, home: server.data },
  );
  const live = await openDesk(browser, server.url, team);
  await live.page.addInitScript(watchFrames);
  // Until the state holds what a long day leaves: 1,000 tasks and more.
  await live.page.waitForTimeout(30_000);
  await openGraph(live.page, team, "view=all&waves=all");
  say(`  ${(await live.page.getByRole("tree").getAttribute("aria-label")) ?? ""} load ${load()}`);
  if (parts.has("frames")) await framesOfStream(live, RATE_PER_S, report);
  if (parts.has("heap")) await watchHeap(live, report, say);
  check(sender.process.exitCode === null, "the team stopped before the end");
  sender.process.kill("SIGINT");
  await sender.ended;
  check(live.complaints.length === 0, `the browser complained: ${live.complaints.join("; ")}`);
  say(`  load ${load()}`);
}

export async function benchDashboard({ say = console.log, parts = PARTS }: DashboardOptions = {}): Promise<
  Figure[]
> {
  const figures: Figure[] = [];
  const report: Report = (what, unit, runs, at_most) => {
    say(`  ${what}: ${quantile(runs, 0.5).toFixed(1)} ${unit}`);
    figures.push(
      figure(what, unit, runs, at_most === undefined ? {} : { target: { of: "figure", at_most } }),
    );
  };
  const folder = dataFolder();
  const [server, browser] = await Promise.all([
    startServer(folder.path, ["--port", "0"], undefined, undefined, {
      // Importing is not what is measured.
      MAX_EVENTS_PER_SECOND_PER_PROJECT: "100000",
    }),
    launchBrowser(),
  ]);
  const bench: Bench = { server, browser, parts: new Set(parts), report, say };
  try {
    if (bench.parts.has("paint") || bench.parts.has("frames")) await ofPast(bench);
    if (bench.parts.has("frames") || bench.parts.has("heap")) await ofStream(bench);
    return figures;
  } finally {
    await browser.close();
    await server.stop();
    folder.remove();
  }
}
