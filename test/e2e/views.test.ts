/** Views that no other journey walks through, of a simulated team: the overview with its sprint, memory, calibration; and all that a link leads to. */
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import type { ShareCreatedResponse } from "../../schema/wire/share.ts";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { runCommand } from "./command.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

/** Of the team's words and names: none of them may reach who is not to see them. */
const SECRET_NAME = "zebulon-the-lead";
const SECRET_WORDS = "because the canary sings";

const served = serveProduct();
let account: Account;
let desk: Visitor;

beforeAll(async () => {
  account = await signUp(served.url, "Views");
  const where = { url: served.url, key: account.keys.ingest, home: served.folder };
  const simulated = await runCommand(
    [
      "simulate",
      "--features",
      "9",
      "--seed",
      "5",
      "--start",
      "now-9h",
      "--until",
      "now",
      "--no-nights",
      "--quiet",
    ],
    where,
  ).ended;
  expect(simulated, simulated.err).toMatchObject({ code: 0 });
  await send(served.url, account.keys.ingest, [
    {
      event_type: "decision_recorded",
      agent_id: SECRET_NAME,
      metadata: { title: "Keep one table", rationale: SECRET_WORDS, alternatives: ["two tables"] },
    },
    { event_type: "task_created", task_id: "late-1", feature_id: "late", agent_id: SECRET_NAME },
    {
      event_type: "task_created",
      task_id: "late-2",
      feature_id: "late",
      metadata: { dependencies: ["late-1"] },
    },
  ]);
  desk = await visit(served.browser);
  await lendSession(desk.context, served.url, account);
}, 180_000);

const headline = (page: Page) => page.locator(".headline").first();

it("opens the overview with the sprint that the command began, and its risk; ended, it says how to begin one", async () => {
  const { page } = desk;
  const where = { url: served.url, key: account.keys.ingest, home: served.folder };
  const sprint = (...words: string[]) => runCommand(["sprint", ...words], where).ended;
  expect(
    await sprint("start", "Sprint X", "--until", "2m", "--feature", "late", "--goal", "Land it"),
  ).toMatchObject({
    code: 0,
  });
  await page.goto(`${account.path}/executive`);
  await page.getByRole("heading", { name: "Features of Sprint X" }).waitFor();
  await page.getByText("Land it", { exact: true }).waitFor();
  // Two tasks one after the other in two minutes: next to no future is in time.
  await page
    .getByText(/late in \d+% of futures/)
    .first()
    .waitFor();
  await page.getByText("High", { exact: true }).first().waitFor();
  await page.getByText("may not land in").first().waitFor();
  expect(await sprint("end")).toMatchObject({ code: 0 });
  await page.getByText("No sprint is going on.").waitFor();
  expect(desk.complaints).toEqual([]);
});

it("reads the decision log, and finds a decision by its words", async () => {
  const { page } = desk;
  await page.goto(`${account.path}/memory?show=decisions`);
  await page.getByText("Keep one table").waitFor();
  await page.getByRole("searchbox").first().fill("canary sings");
  await page.waitForURL(/q=canary/);
  await page.getByText("Keep one table").first().waitFor();
  expect(await page.getByText("cut into").count()).toBe(0);
  await page.goto(`${account.path}/calibration`);
  await headline(page).waitFor();
  expect(desk.complaints).toEqual([]);
});

it("[T2] leads a visitor to every page of the link, and shows on none of them what the link hides", async () => {
  const reply = await fetch(`${served.url}/api/shares`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: account.cookie, origin: served.url },
    body: JSON.stringify({
      ...{ project: account.project.id, name: "all of it" },
      ...{ views: ["flow", "metrics", "events", "history"], redactions: ["name", "text"] },
    }),
  });
  expect(reply.status).toBe(201);
  const { token } = (await reply.json()) as ShareCreatedResponse;
  const visitor = await visit(served.browser, { viewport: { width: 390, height: 844 } });
  const { page } = visitor;
  const bodies: Promise<string>[] = [];
  page.on("response", (answer) => {
    if (new URL(answer.url()).pathname.startsWith("/v1/")) bodies.push(answer.text().catch(() => ""));
  });
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => void bodies.push(Promise.resolve(String(payload)))),
  );
  await page.goto(`${served.url}/s/${token}`);
  await page.getByText("Read-only, shared by Views").waitFor();
  const names = await page.getByRole("navigation", { name: "Views" }).getByRole("link").allInnerTexts();
  expect(names).toEqual([
    ...["Task flow", "Executive", "Agents", "Memory", "Metrics", "Features"],
    ...["Explore", "Alerts", "Budgets", "Calibration", "Events"],
  ]);
  for (const name of names) {
    await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await headline(page).waitFor();
    // Nothing of a member's: no way into the project, nothing to set or to acknowledge.
    expect(await page.locator(`main a[href^="/${account.team.slug}"]`).count(), name).toBe(0);
    for (const deed of ["Set a budget", "Acknowledge", "Share"])
      expect(await page.getByRole("button", { name: deed, exact: true }).count(), `${name}: ${deed}`).toBe(0);
    const fits = await page.evaluate(
      () => document.documentElement.scrollWidth <= document.documentElement.clientWidth,
    );
    expect(fits, name).toBe(true);
  }
  const all = (await Promise.all(bodies)).join("");
  expect(all).toContain("anon-");
  expect(all).not.toContain(SECRET_NAME);
  expect(all).not.toContain(SECRET_WORDS);
  expect(visitor.complaints).toEqual([]);
}, 60_000);
