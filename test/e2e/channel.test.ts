/** Alerts told elsewhere, as an admin sets it up: a real receiver, over real HTTP. */
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

const served = serveProduct();
const heard: { path: string; headers: Record<string, unknown>; body: string }[] = [];
let answer = 200;
let receiver: Server;
let account: Account;
let desk: Visitor;

beforeAll(async () => {
  receiver = createServer((request, reply) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      heard.push({
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      });
      reply.writeHead(answer, answer === 302 ? { location: "/elsewhere" } : {}).end();
    });
  });
  await new Promise<void>((ready) => receiver.listen(0, "127.0.0.1", ready));
  account = await signUp(served.url, "Pagers");
  desk = await visit(served.browser);
  await lendSession(desk.context, served.url, account);
});
afterAll(() => void receiver.close());

const NAME = `Night shift <img src=x onerror="document.title='owned'"> ${"long ".repeat(12)}`.slice(0, 80);

it(
  "[P2] a webhook is added, tried, told of an alert, shown with what went wrong, and removed",
  { timeout: 200_000 },
  async () => {
    const { page } = desk;
    const shots = process.env["CLUSTERFORK_SHOTS"];
    const { port } = receiver.address() as AddressInfo;
    await page.goto(`${account.path}/settings`);
    await page.getByRole("button", { name: "Add a channel" }).click();
    await page.getByLabel("Channel name").fill(NAME);
    await page.getByLabel("Address").fill("http://10.0.0.1/hook");
    await page.getByRole("button", { name: "Add channel" }).click();
    await page.getByText("Plain http is for this machine alone").waitFor();
    await page.getByLabel("Address").fill(`http://127.0.0.1:${port}/hook`);
    await page.getByRole("button", { name: "Add channel" }).click();
    const secret = await page.getByText(/^whsec_/).innerText();
    if (shots) await page.screenshot({ path: `${shots}/channel-made.png` });
    await page.getByRole("button", { name: "Done" }).click();

    await page.getByRole("button", { name: /^Send a test/ }).click();
    await page.getByText("The test was taken.").waitFor();
    answer = 302;
    await page.getByRole("button", { name: /^Send a test/ }).click();
    await page.getByText("which is not followed").waitFor();
    expect(heard.map(({ path }) => path)).toEqual(["/hook", "/hook"]);
    expect(await page.title()).not.toBe("owned");
    const headers: Record<string, unknown> = heard[0]?.headers ?? {};
    const body = heard[0]?.body ?? "";
    const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    const digest = createHmac("sha256", key).update(signed).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${digest}`);

    await send(served.url, account.keys.ingest, [
      { event_type: "task_claimed", task_id: "T" },
      { event_type: "retry_budget_exhausted", task_id: "T" },
    ]);
    await expect.poll(() => heard.length, { timeout: 60_000 }).toBeGreaterThan(2);
    await page.reload();
    await page.getByText("Tries again").waitFor();
    if (shots) await page.screenshot({ path: `${shots}/channel-dark.png`, fullPage: true });
    answer = 200;
    const phone = await visit(served.browser, {
      viewport: { width: 390, height: 844 },
      colorScheme: "light",
    });
    await lendSession(phone.context, served.url, account);
    await phone.page.goto(`${account.path}/settings`);
    await phone.page.getByRole("heading", { name: "Alert channels" }).scrollIntoViewIfNeeded();
    await phone.page.getByRole("button", { name: /^Send a test/ }).waitFor();
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    if (shots) await phone.page.screenshot({ path: `${shots}/channel-phone.png` });
    await expect.poll(() => heard.at(-1)?.body ?? "", { timeout: 60_000 }).toContain("has no retries left");

    await page.getByRole("button", { name: /^Remove Night/ }).click();
    await page.getByRole("button", { name: "Remove channel" }).click();
    await page.getByText("Alerts are shown here alone.").waitFor();
  },
);
