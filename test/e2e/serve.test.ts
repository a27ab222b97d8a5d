import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { family, goneWithin } from "./process-group.ts";
import { dataFolder, NPM, startRefused, startServer, type Running } from "./server.ts";

/** A stop takes well under a second here; the launcher itself gives up after eight. */
const STOP_MS = 10_000;

/** Pids of the whole family, checked to hold workerd: an empty list would prove nothing. */
function pidsOf(server: Running): number[] {
  const members = family(server.process.pid!);
  expect(members.some((member) => member.command.includes("workerd"))).toBe(true);
  return members.map((member) => member.pid);
}

describe("a running server", () => {
  const folder = dataFolder();
  let server: Running;
  beforeAll(async () => {
    server = await startServer(folder.path);
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  it("serves the API and the pages, with their security headers, and tells the next step", async () => {
    const health = await fetch(`${server.url}/healthz`);
    expect(await health.json()).toMatchObject({ status: "ok" });
    const page = await fetch(`${server.url}/some/team/page`, { headers: { accept: "text/html" } });
    expect(page.status).toBe(200);
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' 'sha256-/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(server.words()).toContain(`${server.url}/sign-up`);
  });

  it("prints a first event that a shell can send as it stands", async () => {
    const signup = await fetch(`${server.url}/api/signup`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        team: "Printed",
        email: "printed@example.org",
        password: "correct horse battery",
      }),
    });
    const { keys } = (await signup.json()) as { keys: { ingest: string } };
    const lines = /^ *CLUSTERFORK_KEY=[^]*?^EVENT$/m.exec(server.words())?.[0] ?? "";
    // Not every machine has curl: a function of that name shows what it would be given.
    const shell = spawnSync("sh", ["-c", `curl() { printf '%s\\n' "$@"; cat; }\n${lines}`], {
      encoding: "utf8",
    });
    expect(shell.stderr).toBe("");
    expect(shell.stdout.split("\n")[0]).toBe(`${server.url}/v1/events`);
    const stored = await fetch(`${server.url}/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${keys.ingest}`, "content-type": "application/json" },
      body: shell.stdout.slice(shell.stdout.indexOf("{")),
    });
    expect(await stored.json()).toMatchObject({ accepted: 1 });
  });

  it("keeps its children in a process group of its own", () => {
    const members = family(server.process.pid!);
    const launcher = members.find((member) => member.pid === server.process.pid);
    const workerd = members.filter((member) => member.command.includes("workerd"));
    expect(workerd.length).toBeGreaterThan(0);
    for (const member of workerd) expect(member.group).not.toBe(launcher?.group);
  });

  it("keeps its secrets to its user", () => {
    expect(statSync(join(folder.path, "secrets.json")).mode & 0o777).toBe(0o600);
  });

  it("does not serve the Worker's source or the record of the build", async () => {
    for (const path of ["/inputs.json", "/worker/index.js", "/_headers"]) {
      const reply = await fetch(`${server.url}${path}`);
      expect(await reply.text()).not.toMatch(/ProjectRoom|"worker":|Content-Security-Policy/);
    }
  });

  it("has its port and its folder to itself: a second one is refused, and told what to do", async () => {
    const other = dataFolder();
    const port = Number(new URL(server.url).port);
    const made = join(other.path, "made");
    const samePort = await startRefused(made, ["--port", String(port)]);
    // A data folder is its user's alone.
    expect(statSync(made).mode & 0o777).toBe(0o700);
    other.remove();
    expect(samePort.code).toBe(1);
    expect(samePort.words).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(samePort.words).toContain(`--port ${port + 1}`);
    const sameFolder = await startRefused(folder.path, ["--port", "0"]);
    expect(sameFolder.code).toBe(1);
    expect(sameFolder.words).toMatch(/is in use by the server with process id \d+/);
    expect(samePort.words + sameFolder.words).not.toMatch(/^\s+at /m);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it.each([
    [["--port", "70000"], "--port 70000"],
    [["--port", "eighty"], "--port eighty"],
    [["--prot", "80"], "--prot"],
    [["--host", "not an address"], "--host"],
  ])("is not even started with options %j", async (options, named) => {
    const { code, words } = await startRefused(folder.path, options);
    expect(code).toBe(2);
    expect(words).toContain(named);
    expect(words).not.toMatch(/^\s+at /m);
  });
});

describe("the end of a server", () => {
  let folder: ReturnType<typeof dataFolder>;
  let running: Running[] = [];

  beforeEach(() => {
    folder = dataFolder();
  });
  afterEach(async () => {
    await Promise.all(running.map((server) => server.stop()));
    running = [];
    folder.remove();
  });

  async function start(options?: string[], command?: string[]): Promise<Running> {
    const server = await startServer(folder.path, options, command);
    running.push(server);
    return server;
  }

  it.each(["SIGTERM", "SIGINT"] as const)(
    "comes on %s without an orphan, and frees the folder",
    async (signal) => {
      const server = await start();
      const pids = pidsOf(server);
      server.process.kill(signal);
      expect(await goneWithin(pids, STOP_MS)).toEqual([]);
      expect(existsSync(join(folder.path, "lock.json"))).toBe(false);
      expect(server.words()).toContain("Stopped.");
      // The kernel may know of the end before Node has told it.
      await server.stop();
      expect(server.process.exitCode).toBe(0);
    },
  );

  it.each(["SIGTERM", "SIGKILL"] as const)("leaves no orphan when npm gets %s", async (signal) => {
    const server = await start(["--port", "0"], NPM);
    const pids = pidsOf(server);
    server.process.kill(signal);
    expect(await goneWithin(pids, STOP_MS)).toEqual([]);
  });

  it("comes when the launcher itself is killed", async () => {
    const server = await start();
    const pids = pidsOf(server);
    server.process.kill("SIGKILL");
    expect(await goneWithin(pids, STOP_MS)).toEqual([]);
  });

  it("starts again on the same folder after everything was killed, with the same secrets", async () => {
    const server = await start();
    const secrets = readFileSync(join(folder.path, "secrets.json"), "utf8");
    const pids = pidsOf(server);
    for (const pid of pids) process.kill(pid, "SIGKILL");
    expect(await goneWithin(pids, STOP_MS)).toEqual([]);
    await start();
    expect(readFileSync(join(folder.path, "secrets.json"), "utf8")).toBe(secrets);
  });

  it("clears away a workerd that outlived its killed server", async () => {
    const server = await start();
    const members = family(server.process.pid!);
    const orphan = members.find((member) => member.command.includes("workerd"))!;
    // Stopped, it cannot notice that its parent is gone.
    process.kill(orphan.pid, "SIGSTOP");
    for (const member of members) if (member.pid !== orphan.pid) process.kill(member.pid, "SIGKILL");
    await start();
    expect(await goneWithin([orphan.pid], STOP_MS)).toEqual([]);
  });
});
