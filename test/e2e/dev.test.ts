/** `npm run dev`: pages and API at one address, what is edited is served, and nothing outlives it. */
import { readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { family, goneWithin } from "./process-group.ts";
import { dataFolder, startServer, type Running } from "./server.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** A module of its own, so that no file of the product is edited. */
const EDITED = "app/lib/edited-by-a-test.ts";
const STOP_MS = 10_000;
/** Editing to serving takes under a second; a loaded machine must not fail it. */
const patience = { timeout: 20_000, interval: 100 };

const folder = dataFolder();
let server: Running;
beforeAll(async () => {
  server = await startServer(
    folder.path,
    ["--port", "0"],
    ["node", "scripts/dev.mjs"],
    /hot reload: (http:\/\/\S+)\/\n[^]*Ctrl-C/,
  );
});
afterAll(async () => {
  rmSync(`${ROOT}${EDITED}`, { force: true });
  await server.stop();
  folder.remove();
});

const text = async (path: string) => (await fetch(`${server.url}${path}`)).text();

it("serves the pages, and the Worker's API at their address", async () => {
  expect(await text("/sign-up")).toContain("__sveltekit_dev");
  expect(await (await fetch(`${server.url}/healthz`)).json()).toMatchObject({ status: "ok" });
});

it("tells the page of an edited module, and serves it", async () => {
  const client = await text("/@vite/client");
  const token = /wsToken = "([^"]+)"/.exec(client)?.[1] ?? "";
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/?token=${token}`, "vite-hmr");
  const heard: string[] = [];
  socket.addEventListener("message", ({ data }) => heard.push(String(data)));
  await vi.waitFor(() => expect(heard.join()).toContain("connected"), patience);
  // Not before the start, which would build the pages with it.
  writeFileSync(`${ROOT}${EDITED}`, 'export const said = "before";\n');
  expect(await text(`/${EDITED}`)).toContain("before");
  writeFileSync(`${ROOT}${EDITED}`, 'export const said = "after";\n');
  await vi.waitFor(() => expect(heard.join()).toMatch(/"type":"(update|full-reload)"/), patience);
  expect(await text(`/${EDITED}`)).toContain("after");
  socket.close();
});

it("takes a changed Worker over, and goes on serving", async () => {
  expect(server.words()).not.toContain("Worker is up to date.");
  // Saved without a change: the same way, and the product stays as it is.
  const saved = `${ROOT}worker/http/health.ts`;
  expect(readFileSync(saved, "utf8")).not.toBe("");
  utimesSync(saved, new Date(), new Date());
  await vi.waitFor(() => expect(server.words()).toContain("Worker is up to date."), patience);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

it("stops without an orphan", async () => {
  const members = family(server.process.pid!);
  expect(members.some((member) => member.command.includes("workerd"))).toBe(true);
  await server.stop();
  expect(
    await goneWithin(
      members.map(({ pid }) => pid),
      STOP_MS,
    ),
  ).toEqual([]);
});
