/** A repository is connected as a person does it: by the dialog of the settings, and what GitHub then sends. */
import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { pullRequest } from "../../worker/intake/github/deliveries.test-data.ts";
import { lendSession, readLog, signUp } from "./account.ts";
import { serveProduct } from "./served.ts";
import { visit } from "./visitor.ts";

const served = serveProduct();

/** As GitHub sends it. */
function deliver(url: string, secret: string): Promise<Response> {
  const { event, payload } = pullRequest("opened");
  const body = JSON.stringify(payload);
  return fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-delivery": crypto.randomUUID(),
      "x-github-event": event,
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    },
  });
}

it("[T4] connects a repository in the settings, shows its pull request live, and refuses it once revoked", async () => {
  const account = await signUp(served.url, "Octo");
  const { context, page, complaints } = await visit(served.browser);
  await lendSession(context, served.url, account);
  const flow = await context.newPage();
  await flow.goto(`${account.path}/flow`);
  await flow.getByText("No tasks yet. The graph draws itself").waitFor();

  await page.goto(`${account.path}/settings`);
  await page.getByText("No repository yet. Connect one").waitFor();
  await page.getByRole("button", { name: "Connect a repository" }).click();
  const dialog = page.getByRole("dialog", { name: "Connect a repository" });
  await dialog.getByRole("button", { name: "Create hook" }).click();
  await dialog.getByText("Give the hook a name").waitFor();
  await dialog.getByLabel("Hook name").fill("octo-org/hello-world");
  await dialog.getByRole("button", { name: "Create hook" }).click();
  const url = await dialog.getByLabel("payload URL", { exact: true }).innerText();
  const secret = await dialog.getByLabel("webhook secret", { exact: true }).innerText();
  expect(url.startsWith(`${served.url}/v1/hooks/github/cfh_`)).toBe(true);
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  await dialog.getByText(/tick Pull requests, Pull request reviews, .*, Issues\./).waitFor();
  // This server is one that GitHub cannot reach.
  await dialog.getByText(`GitHub cannot reach ${new URL(served.url).host}`).waitFor();
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByRole("row", { name: /octo-org\/hello-world .*Working/ }).waitFor();
  expect(await page.content()).not.toContain(secret);

  expect((await deliver(url, secret)).status).toBe(200);
  await flow.getByText("Add a greeting").first().waitFor();
  expect((await deliver(url, "not the secret")).status).toBe(401);

  await page.getByRole("button", { name: "Revoke octo-org/hello-world" }).click();
  await page.getByRole("button", { name: "Revoke hook" }).click();
  await page.getByRole("row", { name: /octo-org\/hello-world .*Revoked/ }).waitFor();
  const before = await readLog(served.url, account.keys.read);
  expect((await deliver(url, secret)).ok).toBe(false);
  expect(await readLog(served.url, account.keys.read)).toEqual(before);
  expect(complaints).toEqual([]);
  await context.close();
});
