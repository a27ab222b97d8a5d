/** A feature's report as a team and a visitor see it: from the list to the page, taken along, and through a link. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { runCommand } from "./command.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

const HOSTILE = `<img src=x onerror="alert(1)"> [x](http://e.vil) \u202e${"long ".repeat(60)}`;
const served = serveProduct();
let account: Account;
let reader: Visitor;

beforeAll(async () => {
  account = await signUp(served.url, "Reports");
  const of = { feature_id: "add/auth", task_id: "T-1", agent_id: "nux" };
  await send(served.url, account.keys.ingest, [
    { feature_id: "add/auth", event_type: "feature_requested", metadata: { title: "Add sign-in" } },
    { ...of, event_type: "task_created", metadata: { title: HOSTILE } },
    { ...of, event_type: "task_claimed" },
    {
      ...{ ...of, event_type: "tokens_used" },
      metadata: { model: "claude-sonnet-5", cost_source: "reported" },
      metrics: { input_tokens: 1200, output_tokens: 480, cost_usd: 0.7777 },
    },
    { ...of, event_type: "test_passed", metrics: { passed: 28, failed: 0 } },
    { ...of, event_type: "agent_submitted" },
    { ...of, event_type: "reviewer_approved", agent_id: "rev" },
    { ...of, event_type: "task_merged" },
    { feature_id: "add/auth", event_type: "feature_merged" },
  ]);
  reader = await visit(served.browser);
  await lendSession(reader.context, served.url, account);
}, 120_000);

it("opens from the list of features, shows the sum behind its grade, and is kept as Markdown", async () => {
  const { page } = reader;
  await page.goto(`${account.path}/features`);
  const row = page.getByRole("row", { name: /Add sign-in/ });
  await row.getByText("100 of 100").waitFor();
  expect(await row.getByRole("cell").allInnerTexts()).toContainEqual(
    expect.stringMatching(/^A\s+100 of 100$/),
  );
  await page.getByRole("link", { name: /Add sign-in/ }).click();
  await page.waitForURL(`${account.path}/features/add%2Fauth`);
  await page.getByText("Merged").first().waitFor();
  const grade = page.locator("#grade");
  expect(await grade.innerText()).toContain("0.4 × quality 100 ÷ 0.4 = 100. A is 90 and more.");
  await grade.getByText("Each part").click();
  await grade.getByText("approved at the first try 100").waitFor();
  expect(await grade.innerText()).toContain("$0.78");
  const task = page.getByRole("row", { name: /onerror/ });
  expect(await task.innerText()).toContain("nux");
  expect(await page.locator("main img").count()).toBe(0);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe("report-add-auth.md");
  const text = readFileSync(await file.path(), "utf8");
  expect(text).toMatch(/^# Feature: Add sign-in\n/);
  expect(text).not.toMatch(/(?<!\\)<img|(?<!\\)\]\(/);
  expect(reader.complaints).toEqual([]);
});

it("is the same on the command line", async () => {
  const where = { url: served.url, key: account.keys.read, home: served.folder };
  const shown = await runCommand(["report", "add/auth"], where).ended;
  expect(shown, shown.err).toMatchObject({ code: 0 });
  expect(shown.out).toContain("grade     A");
  const text = await runCommand(["report", "add/auth", "--markdown"], where).ended;
  expect(text.out).toContain("- **Cost:** $0.78");
  expect(await runCommand(["report", "none"], where).ended).toMatchObject({ code: 1 });
  expect(await runCommand(["report"], where).ended).toMatchObject({ code: 2 });
});

it("says of a feature that nobody named that it is unknown, and leads back", async () => {
  const { page, complaints } = reader;
  await page.goto(`${account.path}/features/no-such`);
  await page.getByText("No event has named the feature").waitFor();
  await page.getByRole("link", { name: "See all features" }).click();
  await page.waitForURL(`${account.path}/features`);
  complaints.length = 0;
});

it("[T2] is shown through a link that shows how it goes, without what the link hides", async () => {
  const made = await reader.context.request.post(`${served.url}/api/shares`, {
    headers: { origin: served.url },
    data: {
      project: account.project.id,
      name: "board",
      views: ["flow", "metrics"],
      redactions: ["cost", "title", "name"],
    },
  });
  const { token } = (await made.json()) as { token: string };
  const visitor = await visit(served.browser, { viewport: { width: 375, height: 800 } });
  await visitor.page.goto(`${served.url}/s/${token}?page=report&feature=${encodeURIComponent("add/auth")}`);
  await visitor.page.getByRole("heading", { name: "Task breakdown" }).waitFor();
  const words = await visitor.page.getByRole("main").innerText();
  expect(words).toContain("redacted");
  for (const hidden of ["0.78", "1.68 k", "Add sign-in", "onerror", "nux"])
    expect(words).not.toContain(hidden);
  expect(await visitor.page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  expect(visitor.complaints).toEqual([]);
  await visitor.context.close();
});
