/** A share link as a team and its visitor see it: made in the settings, open on a phone, ended under the visitor's eyes. */
import type { Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

const served = serveProduct();
let account: Account;
let team: Visitor;

beforeAll(async () => {
  account = await signUp(served.url, "Gas Town");
  await send(served.url, account.keys.ingest, [
    {
      event_type: "task_created",
      task_id: "T-1",
      metadata: { title: "Error detection", description: "CANARY" },
    },
    { event_type: "task_claimed", task_id: "T-1", agent_id: "nux" },
    { event_type: "task_started", task_id: "T-1", agent_id: "nux" },
    {
      event_type: "tokens_used",
      task_id: "T-1",
      agent_id: "nux",
      metadata: { model: "claude-sonnet-5", cost_source: "reported" },
      metrics: { input_tokens: 1200, output_tokens: 480, cost_usd: 0.7777 },
    },
    { event_type: "task_blocked", task_id: "T-1", agent_id: "nux", metadata: { reason: "CANARY waits" } },
  ]);
  team = await visit(served.browser);
  await lendSession(team.context, served.url, account);
});

async function makeLink(name: string, more?: (page: Page) => Promise<unknown>): Promise<string> {
  const { page } = team;
  await page.goto(`${account.path}/flow`);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.getByLabel("Link name").fill(name);
  await more?.(page);
  await page.getByRole("button", { name: "Create link" }).click();
  const link = await page.getByLabel("share link", { exact: true }).innerText();
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  // Where links are listed, counted and revoked.
  await page.goto(`${account.path}/settings#share-links`);
  return link;
}

it("[T2][V3] shows a phone the live Task Flow without what the link hides, until it is revoked", async () => {
  const link = await makeLink("for the board");
  const phone = await visit(served.browser, { viewport: { width: 390, height: 844 } });
  const { page } = phone;
  const asked: string[] = [];
  const heard: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => void heard.push(String(payload))),
  );
  await page.goto(link);
  await page.getByText("Read-only, shared by Gas Town").waitFor();
  await page.getByText("Costs, tokens and texts are redacted.").waitFor();
  await page
    .getByRole("link", { name: /Error detection/ })
    .first()
    .click();
  const panel = page.getByRole("complementary", { name: "Selected task" });
  await panel.getByText("redacted").first().waitFor();
  // Tokens, the cost of the task, that of its agent, and the reason of the block.
  expect(await panel.getByText("redacted").count()).toBe(4);
  expect(await panel.innerText()).toContain("nux");
  // It leads to nothing but what the link shows.
  const places = await page
    .getByRole("navigation")
    .getByRole("link")
    .evaluateAll((links) => links.map((each) => each.getAttribute("href")));
  expect(places.filter((place) => !place?.startsWith(new URL(link).pathname))).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.screenshot({ path: `${process.env["SHARE_SHOTS"] ?? served.folder}/share-phone.png` });

  await send(served.url, account.keys.ingest, [
    { event_type: "task_created", task_id: "T-2", metadata: { title: "Came while you looked" } },
  ]);
  await page.getByText("Came while you looked").first().waitFor();

  await team.page.bringToFront();
  await team.page.reload();
  await team.page.getByText("Opened once").waitFor();
  await team.page.getByRole("button", { name: "Revoke for the board" }).click();
  await team.page.screenshot({ path: `${process.env["SHARE_SHOTS"] ?? served.folder}/share-settings.png` });
  await team.page.getByRole("button", { name: "Revoke link" }).click();
  await page.getByText("This link has ended or never existed.").waitFor();
  await team.page.getByText(/^Revoked/).waitFor();

  for (const path of asked) expect(path).not.toMatch(/^\/api\/(?!shares\/open$)/);
  const said = heard.join("\n");
  expect(said).toContain("Error detection");
  for (const hidden of ["CANARY", "0.7777", account.project.id]) expect(said).not.toContain(hidden);
  expect(phone.complaints).toEqual([]);
  const again = await page.reload();
  expect(again?.status()).toBe(404);
  expect(again?.headers()["x-robots-tag"]).toContain("noindex");
  await page.getByText("This link has ended or never existed.").waitFor();
  await phone.context.close();
  expect(team.complaints).toEqual([]);
});

it("calls what a link hides of an agent hidden, not unknown", async () => {
  const of = { task_id: "T-3", agent_id: "nux" };
  await send(served.url, account.keys.ingest, [
    { ...of, event_type: "task_created", metadata: { title: "Closed by nux" } },
    { ...of, event_type: "task_claimed" },
    { ...of, event_type: "task_started" },
    { ...of, event_type: "task_completed" },
  ]);
  const link = await makeLink("figures", (page) => page.getByRole("checkbox", { name: /^Metrics/ }).check());
  const { page, context, complaints } = await visit(served.browser);
  await page.goto(`${link}?page=agents`);
  const row = page.getByRole("row", { name: /nux/ });
  await row.waitFor();
  // Of nine figures the tokens alone.
  expect(await row.getByText("redacted").count()).toBe(1);
  await page.goto(`${link}?page=agents&agent=nux`);
  const figures = page.getByRole("region", { name: "Figures" });
  await figures.getByText("Throughput", { exact: true }).waitFor();
  expect(await figures.getByText("redacted").count()).toBe(1);
  expect(complaints).toEqual([]);
  await context.close();
});

it("asks for the passphrase first, and stays open in its tab", async () => {
  const link = await makeLink("locked", (page) => page.getByLabel("Passphrase").fill("correct horse"));
  const { page, context, complaints } = await visit(served.browser);
  await page.goto(link);
  await page.getByLabel("Passphrase").fill("wrong guess");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByText("This is not the passphrase.").waitFor();
  await page.getByLabel("Passphrase").fill("correct horse");
  await page.getByRole("button", { name: "Open", exact: true }).click();
  await page.getByText("Read-only, shared by Gas Town").waitFor();
  await page.getByText("Error detection").first().waitFor();
  await page.screenshot({ path: `${process.env["SHARE_SHOTS"] ?? served.folder}/share-wide.png` });
  await page.reload();
  await page.getByText("Error detection").first().waitFor();
  // The browser reports the two refusals on its console; nothing else went wrong.
  expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
  await context.close();
});
