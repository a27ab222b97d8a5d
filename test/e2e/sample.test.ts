/** "Look at a sample team first", as a new person meets it: labelled, live, apart, and gone with its server. */
import { beforeAll, describe, expect, it } from "vitest";
import { family, goneWithin } from "./process-group.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

const PHONE = { width: 390, height: 844 };
const STOP_MS = 10_000;
const LABEL = "Sample data: a simulated team.";

const served = serveProduct();
let desk: Visitor;

beforeAll(async () => {
  desk = await visit(served.browser);
});

/** The children that feed samples. */
const feeders = () =>
  family(served.server.process.pid!).filter(({ command }) => command.includes(" simulate "));

async function eventCount(): Promise<number> {
  const answer = await desk.page.evaluate(async () => {
    const { teams } = (await (await fetch("/api/teams")).json()) as {
      teams: { projects: { id: string; sample: boolean }[] }[];
    };
    const counts = await Promise.all(
      (teams[0]?.projects ?? []).map(async ({ id, sample }) => {
        const { seq } = (await (await fetch(`/api/projects/${id}/state`)).json()) as { seq: number };
        return { sample, seq };
      }),
    );
    return counts;
  });
  // The team's own project holds nothing of it.
  expect(answer.find(({ sample }) => !sample)?.seq).toBe(0);
  return answer.find(({ sample }) => sample)?.seq ?? -1;
}

// Each test goes on where the one before it ended, as the person does.
describe("a sample team", () => {
  it("is a click away after sign-up, and at work when its graph opens", async () => {
    const { page } = desk;
    await page.goto(`${served.url}/sign-up`);
    await page.getByLabel("Team").fill("Curious");
    await page.getByLabel("Email").fill("curious@example.com");
    await page.getByLabel("Password").fill("correct horse battery staple");
    await page.getByRole("button", { name: "Create team" }).click();
    await page.getByRole("button", { name: "Look at a sample team first" }).click();
    await page.getByText(LABEL).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/curious\/sample-team\/flow/);
    await page
      .getByRole("main")
      .getByRole("link", { name: /In progress/ })
      .first()
      .click();
    await page.getByRole("treeitem").first().waitFor();
    expect(feeders()).toHaveLength(1);
    expect(feeders()[0]?.command).not.toContain("cfk_");
    // The past of the team comes batch by batch.
    await expect.poll(eventCount, { timeout: 15_000 }).toBeGreaterThan(1_000);
  });

  it("says what it is in the top bar and the switcher, from where one's own project is one step away", async () => {
    const { page } = desk;
    await page.getByRole("button", { name: "Project: Sample team" }).click();
    await page.getByRole("menuitemradio", { name: /^Sample team\s*sample data$/ }).waitFor();
    await page.keyboard.press("Escape");
    await page
      .getByRole("complementary", { name: "Sample data" })
      .getByRole("link", { name: "Go to main" })
      .click();
    await page.getByRole("heading", { name: "Waiting for the first event" }).waitFor();
    expect(await page.getByText(LABEL).count()).toBe(0);
    // What a reader returns to is his own.
    await page.goto(served.url);
    await page.waitForURL(/\/curious\/main\//);
    await page.getByRole("link", { name: "Look at the sample team" }).click();
    await page.getByText(LABEL).waitFor();
  });

  it("reads well on a phone", async () => {
    const phone = await served.browser.newContext({
      viewport: PHONE,
      storageState: await desk.context.storageState(),
    });
    const page = await phone.newPage();
    await page.goto(`${served.url}/curious/sample-team/flow`);
    await page.getByText(LABEL).waitFor();
    await page.getByRole("listitem").first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    await phone.close();
  });

  it("ends with the server, and goes on with the next one without doubling anything", async () => {
    const before = await eventCount();
    const pids = family(served.server.process.pid!).map(({ pid }) => pid);
    expect(feeders()).toHaveLength(1);
    served.server.process.kill("SIGKILL");
    expect(await goneWithin(pids, STOP_MS)).toEqual([]);

    await served.startAgain(["--port", new URL(served.url).port]);
    expect(feeders()).toHaveLength(1);
    await desk.page.reload();
    await desk.page.getByText(LABEL).waitFor();
    const after = await eventCount();
    // A live team adds a few in these seconds; its first hours again would be thousands.
    expect(after - before).toBeLessThan(200);
    expect(after).toBeGreaterThanOrEqual(before);
    await served.server.stop();
    expect(desk.complaints.filter((text) => !/ERR_CONNECTION|WebSocket|net::/.test(text))).toEqual([]);
  });
});
