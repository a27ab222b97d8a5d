/**
 * `npm run bench -- scrub`: time travel over a long log, as a lead sees it: the served product (run `npm run build`
 * before), a real browser. A step is timed from the key to the frame after the picture changed, so it includes
 * waiting for that frame; a far jump until its picture stands.
 */
import type { Page } from "playwright-core";
import { lendSession, post, signUp } from "../e2e/account.ts";
import { launchBrowser } from "../e2e/browser.ts";
import { dataFolder, startServer } from "../e2e/server.ts";
import { visit } from "../e2e/visitor.ts";
import { check, figure, type Figure } from "./figure.ts";
import { load, quantile } from "./machine.ts";

const BATCH = 1_000;
const STEPS = 150;
const JUMPS = 15;
const LOOKS = 20;
const BEGIN_MS = 1_700_000_000_000;

/** As test/bench/fill.worker.ts: work is created, claimed, paid for and merged; 4 events a task, 40 a feature. */
function event(n: number): object {
  return {
    id: `e${n}`,
    timestamp: new Date(BEGIN_MS + n * 1_000).toISOString(),
    event_type: ["task_created", "task_claimed", "tokens_used", "task_merged"][n % 4],
    agent_id: `coder-${n % 12}`,
    task_id: `TASK-${Math.floor(n / 4)}`,
    feature_id: `feature-${Math.floor(n / 40)}`,
    ...(n % 4 === 0
      ? { metadata: { title: `Task number ${n}`, dependencies: [`TASK-${Math.floor(n / 4) - 1}`] } }
      : {}),
    ...(n % 4 === 2 ? { metrics: { input_tokens: 1200, output_tokens: 480, cost_usd: 0.011 } } : {}),
  };
}

/** Presses a key again and again; each time until the slider says another event and that frame is over. */
const steps = (page: Page, key: string, count: number) =>
  page.evaluate(
    async ([key, count]) => {
      const slider = document.querySelector('[role="slider"]');
      const taken_ms: number[] = [];
      for (let step = 0; step < count; step++) {
        const before = slider?.getAttribute("aria-valuenow");
        const shown = document.querySelector("[data-connection]")?.textContent;
        const from = performance.now();
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        let frames = 0;
        do {
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
          frames++;
        } while (slider?.getAttribute("aria-valuenow") === before && frames < 600);
        // One event a second: the pill tells another moment when the picture has followed.
        while (document.querySelector("[data-connection]")?.textContent === shown && frames++ < 600)
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
        taken_ms.push(performance.now() - from);
        // A hand that holds a key down repeats it some 30 times a second.
        await new Promise((done) => setTimeout(done, 30));
      }
      return taken_ms;
    },
    [key, count] as const,
  );

export interface ScrubOptions {
  events?: number;
  say?: (line: string) => void;
}

export async function benchScrub(options: ScrubOptions = {}): Promise<Figure[]> {
  const { events: total = 1_000_000, say = console.log } = options;
  const figures: Figure[] = [];
  const report = (what: string, taken_ms: number[]): void => {
    const [p50, p95, worst] = [0.5, 0.95, 1].map((part) => quantile(taken_ms, part).toFixed(1));
    say(`  ${what}: p50 ${p50} ms, p95 ${p95} ms, max ${worst} ms (n ${taken_ms.length})`);
    figures.push(figure(`${what}, p95`, "ms", [quantile(taken_ms, 0.95)]));
  };
  const folder = dataFolder();
  const [server, browser] = await Promise.all([startServer(folder.path), launchBrowser()]);
  try {
    const account = await signUp(server.url, "Bench");
    const started = performance.now();
    for (let from = 1; from <= total; from += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, total - from + 1) }, (_, i) => event(from + i));
      const reply = await post(server.url, account.keys.ingest, JSON.stringify(batch));
      if (!reply.ok) throw new Error(await reply.text());
      await reply.arrayBuffer();
    }
    say(`sent ${total} events in ${((performance.now() - started) / 1_000).toFixed(0)} s`);
    say(`  load ${load()}`);

    const get = async (path: string) => {
      const from = performance.now();
      const reply = await fetch(`${server.url}/v1/${path}`, {
        headers: { authorization: `Bearer ${account.keys.read}` },
      });
      await reply.arrayBuffer();
      if (!reply.ok) throw new Error(`${path} answered ${reply.status}`);
      return performance.now() - from;
    };
    const looks: Record<string, number[]> = { seq: [], time: [], timeline: [] };
    for (let look = 0; look < LOOKS; look++) {
      const seq = 1 + Math.floor(Math.random() * (total - 1));
      looks.seq?.push(await get(`state?at=${seq}`));
      looks.time?.push(await get(`state?at=${BEGIN_MS + seq * 1_000}`));
      looks.timeline?.push(await get("timeline?buckets=150"));
    }
    report("GET state?at=<seq>", looks.seq ?? []);
    report("GET state?at=<time>", looks.time ?? []);
    report("GET timeline", looks.timeline ?? []);

    const middle = Math.floor(total / 2) + 600;
    const desk = await visit(browser);
    await lendSession(desk.context, server.url, account);
    const { page } = desk;
    for (const [what, path] of [
      ["one feature", `flow/feature-${Math.floor(middle / 40)}`],
      ["all features", "flow"],
    ] as const) {
      await page.goto(`${account.path}/${path}?at=${middle}`);
      await page.locator('[data-connection="past"]').waitFor();
      await page.waitForTimeout(3_000); // The pages beside it are fetched meanwhile.
      report(`step back, ${what}`, await steps(page, ",", STEPS));
      report(`step on, ${what}`, await steps(page, ".", STEPS));
    }

    const slider = page.getByRole("slider", { name: "Time travel" });
    const box = await slider.boundingBox();
    if (box === null) throw new Error("the slider is drawn");
    const jumps: number[] = [];
    for (let jump = 0; jump < JUMPS; jump++) {
      const x = box.x + box.width * (0.02 + 0.96 * Math.random());
      const shown = await page.locator("[data-connection]").textContent();
      const from = performance.now();
      await page.mouse.click(x, box.y + 22);
      await page.waitForFunction(
        (text) => document.querySelector("[data-connection]")?.textContent !== text,
        shown,
      );
      jumps.push(performance.now() - from);
    }
    report("jump to a far moment, until its picture stands", jumps);
    say(`  load ${load()}`);
    check(desk.complaints.length === 0, `the browser complained: ${desk.complaints.join("; ")}`);
    return figures;
  } finally {
    await browser.close();
    await server.stop();
    folder.remove();
  }
}
