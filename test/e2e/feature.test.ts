/** The Task Flow of features in odd conditions: not known, and without tasks. */
import type { BrowserContext, Page } from "playwright-core";
import { beforeAll, expect, it } from "vitest";
import { serveProduct } from "./served.ts";

const served = serveProduct();
let context: BrowserContext;
let page: Page;
let flow: string;

beforeAll(async () => {
  context = await served.browser.newContext();
  const headers = { origin: served.url };
  const data = { team: "Odd", email: "odd@example.org", password: "correct horse battery" };
  const signup = await context.request.post(`${served.url}/api/signup`, { headers, data });
  const { team, project, keys } = (await signup.json()) as {
    team: { slug: string };
    project: { slug: string };
    keys: { ingest: string };
  };
  flow = `${served.url}/${team.slug}/${project.slug}/flow`;
  const timestamp = new Date().toISOString();
  const sent = await context.request.post(`${served.url}/v1/events`, {
    headers: { authorization: `Bearer ${keys.ingest}` },
    data: [
      { timestamp, event_type: "feature_requested", agent_id: "ana", feature_id: "bare" },
      {
        timestamp,
        event_type: "task_created",
        agent_id: "ana",
        feature_id: "full",
        task_id: "t-1",
        metadata: { title: "Form" },
      },
    ],
  });
  expect(sent.status()).toBe(200);
  page = await context.newPage();
});

it("says that a feature is not known, and leads back to those that are", async () => {
  await page.goto(`${flow}/no-such-feature`);
  await page.getByText("This feature is not known.").waitFor();
  await page.getByText("No event has named the feature no-such-feature").waitFor();
  await page.getByRole("link", { name: "See all features" }).click();
  await page.waitForURL(flow);
  await page.getByRole("link", { name: /full/ }).waitFor();
});

it("says of a feature without tasks that it has none, and counts those of the others", async () => {
  await page.goto(flow);
  // A row is there before what it says is drawn.
  const says = (name: RegExp) => expect.poll(() => page.getByRole("link", { name }).innerText());
  await says(/bare/).toContain("no tasks");
  await says(/full/).toMatch(/0\s+of 1/);
});

it("says each thing once in the history of a task", async () => {
  await page.goto(`${flow}/full?task=t-1`);
  const row = page.getByRole("list", { name: "Event history" }).getByRole("listitem").first();
  await row.waitFor();
  expect((await row.innerText()).replace(/\s+/g, " ")).toMatch(/task created: Form$/);
});
