/**
 * Every page with what nobody expects: titles with markup, right-to-left text, 10,000 characters, emoji, control
 * characters, a cycle; with nothing at all; and with one event. Each answers in words, stays within its window, runs
 * nothing, and gives the browser nothing to complain of.
 */
import type { Page } from "playwright-core";
import { expect, it, vi } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";
import { visit } from "./visitor.ts";

const MARKUP = `<img src=x onerror="complain('ran')"><x-run>`;
/** As long as a title may be; a text may be longer. */
const LONG = "Endless".repeat(146);
const ENDLESS = "Endless".repeat(1_430);
const RIGHT_TO_LEFT = "\u202Eمراجعة الدفع\u202C 🎉👩‍👩‍👧‍👦";
const CONTROL = "bell\u0007 nul\u0000 line\u2028separator\tand\u001b[31mred";
const ODD = [MARKUP, LONG, RIGHT_TO_LEFT, CONTROL];
const FEATURE = "odd/feature <x-run>";
const TASK = "task/<x-run>";

const PAGES = [
  ...["executive", "flow", `flow/${encodeURIComponent(FEATURE)}?task=${encodeURIComponent(`${TASK}0`)}`],
  ...["agents", "agents?by=role", `agents?agent=${encodeURIComponent(MARKUP)}`],
  ...["memory", "memory?show=lessons", "memory?show=skills", "memory?show=decisions", "memory?lesson=odd"],
  ...["metrics", "features", `features/${encodeURIComponent(FEATURE)}`],
  ...[
    "explore?group_by=agent_id",
    "alerts",
    "budgets",
    "calibration",
    "events",
    "start",
    "members",
    "settings",
  ],
];

/** One agent of each odd name does all there is to do; the first three tasks wait for each other. */
function oddWork(): object[] {
  const words = (text: string) => ({ title: text, description: ENDLESS, rationale: text, reason: text });
  return [
    { event_type: "feature_requested", feature_id: FEATURE, agent_id: MARKUP, metadata: words(LONG) },
    ...ODD.flatMap((text, n) => {
      // Names hold neither control characters nor breaks of lines: those are refused at the door.
      const agent_id = [...text.replace(/[\p{Cc}\u2028]/gu, "")].slice(0, 120).join("");
      const of = { agent_id, agent_role: agent_id.slice(0, 60), feature_id: FEATURE, task_id: `${TASK}${n}` };
      return [
        {
          ...of,
          event_type: "task_created",
          metadata: { ...words(text), dependencies: [`${TASK}${(n + 1) % 3}`] },
        },
        { ...of, event_type: "task_claimed" },
        { ...of, event_type: "task_started" },
        { ...of, event_type: "file_locked", metadata: { path: agent_id } },
        {
          ...{ ...of, event_type: "tokens_used" },
          metadata: { model: agent_id, cost_source: "reported" },
          metrics: { input_tokens: 1e9, output_tokens: 1, cost_usd: 123_456.789 },
        },
        { ...of, event_type: "decision_recorded", metadata: { ...words(text), alternatives: [text, text] } },
        { ...of, event_type: "escalated_to_user", metadata: { reason: ENDLESS } },
        { ...of, event_type: "task_blocked", metadata: words(text) },
      ];
    }),
    {
      ...{ event_type: "lesson_learned", feature_id: FEATURE, agent_id: MARKUP },
      metadata: {
        lesson_id: "odd",
        headline: `${MARKUP} ${RIGHT_TO_LEFT}`,
        explanation: ENDLESS,
        tags: ["<x-run>"],
      },
    },
    { event_type: "retry_budget_exhausted", task_id: `${TASK}0`, feature_id: FEATURE, agent_id: MARKUP },
  ];
}

const served = serveProduct();

/** In the page: what is wrong with it, in words. */
function faults(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  const main = document.querySelector<HTMLElement>("main");
  const words = main?.innerText ?? "";
  const unsaid = /\b(?:NaN|undefined|null|Infinity|Invalid Date)\b/.exec(words)?.[0];
  const ran = document.querySelectorAll("x-run, main img, iframe, object, embed, [onerror], [onload]").length;
  return [
    ...(scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px wider than its window`] : []),
    ...(main !== null && main.scrollWidth > main.clientWidth ? ["its content sticks out"] : []),
    ...(ran > 0 ? [`${ran} elements that an event brought`] : []),
    ...(unsaid === undefined ? [] : [`says ${unsaid}`]),
    ...(words.trim().length < 40 ? ["blank"] : []),
  ];
}

/** The answer, which each page opens with; the page of what is not there says so in its place. */
async function opened(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await expect
    .poll(() => page.locator(".headline, .empty").allInnerTexts(), { timeout: 15_000 })
    .toContainEqual(expect.stringMatching(/\S{2}/));
  await page.waitForLoadState("networkidle");
}

const WIDTHS = [1440, 375] as const;

async function sweep(account: Account, expected: RegExp): Promise<void> {
  for (const width of WIDTHS) {
    const reader = await visit(served.browser, { viewport: { width, height: 844 } });
    await lendSession(reader.context, served.url, account);
    const found: Record<string, string[]> = {};
    for (const path of PAGES) {
      await opened(reader.page, `${account.path}/${path}`);
      const wrong = await reader.page.evaluate(faults);
      if (wrong.length > 0) found[path] = wrong;
    }
    expect(found, `${width} px`).toEqual({});
    expect(reader.complaints.filter((text) => !expected.test(text))).toEqual([]);
    await reader.context.close();
  }
}

/** What these pages are told by addresses of what is not there. */
const NOT_THERE = /^answer: 404 \S+\/(lessons\/|features\/|forecast\?)|with a status of 404/;

it("[P2] hostile, endless and unreadable text on every page", { timeout: 300_000 }, async () => {
  const account = await signUp(served.url, "Odd");
  await send(served.url, account.keys.ingest, oddWork());
  const asked = `${served.url}/v1/lessons/odd`;
  const headers = { authorization: `Bearer ${account.keys.read}` };
  await vi.waitFor(async () => expect((await fetch(asked, { headers })).status).toBe(200), {
    ...{ timeout: 30_000, interval: 100 },
  });
  await sweep(account, /^$/);
});

it("a project without an event says on every page what would fill it", { timeout: 300_000 }, async () => {
  await sweep(await signUp(served.url, "Empty"), NOT_THERE);
});

it("a project with one event shows it, and claims nothing of the rest", { timeout: 300_000 }, async () => {
  const account = await signUp(served.url, "One");
  await send(served.url, account.keys.ingest, [{ event_type: "task_started", task_id: "only" }]);
  await sweep(account, NOT_THERE);
});
