/** What `dashboard.ts` does inside a page, and with a hand at its mouse and keys. */
import type { Page } from "playwright-core";

export interface Frames {
  /** From one animation frame to the next. */
  intervals_ms: number[];
  /** Tasks of 50 ms and more. */
  long_ms: number[];
}

/** Runs in the page before anything else: largest paint, and what long tasks took beyond 50 ms after the first paint. */
export function watchLoad(): void {
  const loading = { paint_ms: 0, blocked_ms: 0 };
  Reflect.set(window, "loading", loading);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) loading.paint_ms = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) loading.blocked_ms += duration - 50;
  }).observe({ type: "longtask", buffered: true });
}

/** Runs in the page before anything else: gathers frames, long tasks and interactions while it is asked to. */
export function watchFrames(): void {
  const seen = {
    intervals_ms: [] as number[],
    long_ms: [] as number[],
    interactions: new Map<number, number>(),
    watching: false,
  };
  Reflect.set(window, "seen", seen);
  let last_ms = 0;
  const frame = (now_ms: number) => {
    if (seen.watching && last_ms > 0) seen.intervals_ms.push(now_ms - last_ms);
    last_ms = seen.watching ? now_ms : 0;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    if (seen.watching) for (const { duration } of list.getEntries()) seen.long_ms.push(duration);
  }).observe({ type: "longtask" });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const id: unknown = Reflect.get(entry, "interactionId");
      if (typeof id !== "number" || id === 0) continue;
      seen.interactions.set(id, Math.max(seen.interactions.get(id) ?? 0, entry.duration));
    }
    // The least that browsers report.
  }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
}

const watching = (page: Page, now: boolean) =>
  page.evaluate((now) => {
    const seen = Reflect.get(window, "seen") as Frames & { watching: boolean };
    if (now) Object.assign(seen, { intervals_ms: [], long_ms: [] });
    seen.watching = now;
    return { intervals_ms: seen.intervals_ms, long_ms: seen.long_ms };
  }, now);

/** Frames while a hand drags the picture to and fro; `moves` false: while nobody touches it. */
export async function pan(page: Page, for_ms: number, moves = true): Promise<Frames> {
  const box = await page.getByRole("tree").boundingBox();
  if (box === null) throw new Error("the graph is drawn");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  if (!moves) await page.mouse.move(2, 2);
  else await page.mouse.down();
  await watching(page, true);
  const from = performance.now();
  for (let elapsed = 0; elapsed < for_ms; elapsed = performance.now() - from) {
    const turn = (elapsed / 1_000) * Math.PI;
    if (moves)
      await page.mouse.move(
        x + Math.sin(turn * 0.9) * box.width * 0.45,
        y + Math.sin(turn * 0.5) * box.height * 0.45,
      );
    // About as often as a mouse tells.
    await page.waitForTimeout(moves ? 8 : 100);
  }
  const frames = await watching(page, false);
  if (moves) await page.mouse.up();
  return frames;
}

/** Presses of every kind; how long each took until the next paint, ms. */
export async function interactions(page: Page): Promise<number[]> {
  const nodes = page.getByRole("treeitem");
  for (let round = 0; round < 12; round++) {
    // What is drawn changes with the stream; any node will do.
    const count = await nodes.count();
    const box = count === 0 ? null : await nodes.nth((round * 2) % count).boundingBox();
    if (box !== null) await page.mouse.click(box.x + box.width / 2, box.y + 8);
    await page.waitForTimeout(150);
    await page.keyboard.press(round % 2 === 0 ? "ArrowDown" : "ArrowRight");
    await page.waitForTimeout(100);
    await page.keyboard.press("c");
    await page.waitForTimeout(100);
    await page.keyboard.press("c");
    await page
      .getByRole("group", { name: "Filter by status" })
      .getByRole("button")
      .nth(round % 6)
      .click();
    await page.waitForTimeout(100);
    await page.keyboard.press("/");
    await page.keyboard.type("imp");
    await page.waitForTimeout(250);
    await page.keyboard.press("Escape");
    await page
      .getByRole("group", { name: "Filter by status" })
      .getByRole("button")
      .nth(round % 6)
      .click();
    await page.keyboard.press("Escape");
    await page.waitForTimeout(100);
  }
  await page.waitForTimeout(500);
  return page.evaluate(() => {
    const { interactions } = Reflect.get(window, "seen") as { interactions: Map<number, number> };
    return [...interactions.values()];
  });
}
