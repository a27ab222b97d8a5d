/**
 * What a reader waits for at a first look, and what moves under his eyes: told in requests, bytes and shares of the
 * window, which a busy machine does not change. How long it takes is `npm run bench -- dashboard`'s to say.
 */
import type { CDPSession, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { FeaturesResponse } from "../../schema/wire/http.ts";
import { lendSession, signUp, type Account } from "./account.ts";
import { runCommand } from "./command.ts";
import { serveProduct } from "./served.ts";
import { visit } from "./visitor.ts";

/** Of the window and what moved in it (web.dev/articles/cls); 0.1 is called good, and half of that is seldom seen. */
const MAX_SHIFT = 0.05;
/** The page, its scripts and styles, who is looking, and a state of some hundred tasks: compressed, as on the line. */
const MAX_BYTES = 250_000;
const PAGES = [
  "flow",
  "graph",
  "executive",
  "agents",
  "memory",
  "metrics",
  "features",
  "report",
  "explore",
  "alerts",
  "budgets",
  "calibration",
  "events",
  "members",
  "settings",
  "start",
] as const;
const SIZES = [
  { name: "desk", viewport: { width: 1440, height: 900 } },
  { name: "phone", viewport: { width: 390, height: 844 } },
] as const;

const served = serveProduct();
let account: Account;
/** A feature that is over: its report is drawn whole. */
let shipped: string;

beforeAll(async () => {
  account = await signUp(served.url, "Glance");
  const simulated = await runCommand(
    ["simulate", "--features", "24", "--seed", "5", "--start", "now-4d", "--quiet"],
    { url: served.url, key: account.keys.ingest, home: served.folder },
  ).ended;
  expect(simulated, simulated.err).toMatchObject({ code: 0 });
  const reply = await fetch(`${served.url}/v1/features?status=merged`, {
    headers: { authorization: `Bearer ${account.keys.read}` },
  });
  const { features } = (await reply.json()) as FeaturesResponse;
  shipped = features[0]?.id ?? "none";
}, 180_000);

const addressOf = (page: (typeof PAGES)[number]): string => {
  if (page === "graph") return `flow/${shipped}`;
  return page === "report" ? `features/${shipped}` : page;
};

describe("the live view", () => {
  interface Asked {
    path: string;
    type: string;
    /** The script that asked for it; empty where none did. */
    by: string;
    bytes: number;
  }
  /** Kit fetches its error page when it starts, and waits for nothing of it. */
  const ERROR_PAGE = /\/nodes\/1\./;

  /** Every request from now on, with who made it. */
  async function watchRequests(cdp: CDPSession): Promise<Map<string, Asked>> {
    const asked = new Map<string, Asked>();
    await cdp.send("Network.enable");
    cdp.on("Network.requestWillBeSent", ({ requestId, request, initiator, type }) => {
      const [caller] = initiator.stack?.callFrames ?? [];
      const by = caller === undefined ? "" : new URL(caller.url).pathname;
      asked.set(requestId, { path: new URL(request.url).pathname, type: type ?? "", by, bytes: 0 });
    });
    cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      const known = asked.get(requestId);
      if (known !== undefined) known.bytes = encodedDataLength;
    });
    return asked;
  }

  it("waits for nothing that is not asked for at once: files, who is looking, and the state", async () => {
    const { context, page } = await visit(served.browser);
    await lendSession(context, served.url, account);
    const asked = await watchRequests(await context.newCDPSession(page));
    const reply = await page.goto(`${account.path}/flow`);
    await page.getByText(/tasks done, .* features open/).waitFor();
    const html = (await reply?.text()) ?? "";
    const requests = [...asked.values()];
    const files = requests.filter(
      ({ type, path }) => ["Script", "Stylesheet"].includes(type) && !ERROR_PAGE.test(path),
    );
    // What the page itself names is fetched before any script of the app's has run.
    expect(
      files.map(({ path }) => path).filter((path) => !html.includes(path.split("/").at(-1) ?? "")),
    ).toEqual([]);
    const questions = requests.filter(({ path }) => /\/(get-session|teams|state)$/.test(path));
    const here = new URL(account.path).pathname;
    // Each once: the app takes what the page's first script asked for.
    expect(questions.map(({ path, by }) => [path.split("/").at(-1), by])).toEqual([
      ["get-session", `${here}/flow`],
      ["teams", `${here}/flow`],
      ["state", `${here}/flow`],
    ]);
    const waited = [...requests.filter(({ type }) => type === "Document"), ...files, ...questions];
    const bytes = waited.reduce((sum, one) => sum + one.bytes, 0);
    console.log(`before the live view's answer: ${waited.length} requests, ${(bytes / 1_000).toFixed(0)} KB`);
    expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
    await context.close();
  });

  it("draws the place of its answer first, then what stands around it", async () => {
    const { context, page } = await visit(served.browser);
    await lendSession(context, served.server.url, account);
    await page.addInitScript(() => {
      const parts = [".headline", "header.top", "nav.rail"];
      const drawn: string[][] = [];
      Reflect.set(window, "drawn", drawn);
      new MutationObserver(() => {
        const now = parts.filter((part) => document.querySelector(part) !== null);
        if (now.length > (drawn.at(-1)?.length ?? 0)) drawn.push(now);
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(`${account.path}/flow`);
    await page.locator("nav.rail").waitFor();
    await page.locator("header.top").waitFor();
    const drawn = (await page.evaluate(() => Reflect.get(window, "drawn"))) as string[][];
    expect(drawn[0]).toEqual([".headline"]);
    expect(drawn.at(-1)).toHaveLength(3);
    await context.close();
  });
});

describe("layout shift", () => {
  /** In the page before anything else: what moved without anybody's doing, and how much. */
  function watchShift(): void {
    const shift = { sum: 0, moved: [] as string[] };
    Reflect.set(window, "shift", shift);
    const describe = (node: Node | null) =>
      node instanceof Element ? `${node.localName}.${node.classList[0] ?? ""}` : (node?.nodeName ?? "gone");
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
      })[]) {
        shift.sum += entry.value;
        shift.moved.push(
          `${entry.value.toFixed(3)} ${entry.sources.map(({ node, previousRect, currentRect }) => `${describe(node)} ${previousRect.y}→${currentRect.y}`).join(", ")}`,
        );
      }
    }).observe({ type: "layout-shift", buffered: true });
  }
  const shiftOf = (page: Page) =>
    page.evaluate(() => Reflect.get(window, "shift") as { sum: number; moved: string[] });

  it.each(SIZES)(
    "of every page is below a twentieth of the window, $name",
    { timeout: 240_000 },
    async ({ viewport }) => {
      const { context, page } = await visit(served.browser, { viewport });
      await context.addInitScript(watchShift);
      await lendSession(context, served.url, account);
      const moving: Record<string, unknown> = {};
      for (const path of PAGES) {
        await page.goto(`${account.path}/${addressOf(path)}`);
        await page.getByRole("main").waitFor();
        await page.waitForLoadState("networkidle");
        const { sum, moved } = await shiftOf(page);
        if (sum >= MAX_SHIFT) moving[path] = { sum, moved };
      }
      expect(moving).toEqual({});
      await context.close();
    },
  );

  it("is noticed", async () => {
    const { context, page } = await visit(served.browser);
    await context.addInitScript(watchShift);
    await page.goto(`${served.url}/sign-in`);
    await page.getByRole("main").waitFor();
    await page.evaluate(() => {
      document.body.style.paddingTop = "300px";
    });
    await expect.poll(async () => (await shiftOf(page)).sum).toBeGreaterThan(MAX_SHIFT);
    await context.close();
  });
});
