/** The built package against the built server, with both of them dying in between. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import Ajv from "ajv/dist/2020.js";
import type { Totals } from "../../cli/sdk/report.ts";
import type { EventsPage, SignupResponse } from "../../schema/wire/http.ts";
import { dataFolder, startServer, type Running } from "./server.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(ROOT, "cli/bin/clusterfork.js");
const folder = mkdtempSync(join(tmpdir(), "clusterfork-sdk-e2e-"));
const data = dataFolder();
let server: Running;
let keys: SignupResponse["keys"];
let admin: string;

async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  const reply = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url, ...headers },
    body: JSON.stringify(body),
  });
  expect(reply.status, path).toBeLessThan(300);
  return (await reply.json()) as T;
}

let cookie = "";
let project = "";
beforeAll(async () => {
  server = await startServer(data.path);
  const person = { team: "Sdk", email: "sdk@example.com", password: "correct horse battery" };
  const reply = await fetch(`${server.url}/api/signup`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.url },
    body: JSON.stringify(person),
  });
  const account = (await reply.json()) as SignupResponse;
  cookie = reply.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  keys = account.keys;
  project = account.project.id;
  const made = await post<{ secret: string }>(
    "/api/keys",
    { project, name: "both", scopes: ["ingest", "read"] },
    { cookie },
  );
  admin = made.secret;
});
afterAll(async () => {
  await server.stop();
  data.remove();
  rmSync(folder, { recursive: true, force: true });
});

const env = (more: Record<string, string> = {}) => ({
  ...process.env,
  CLUSTERFORK_URL: server.url,
  CLUSTERFORK_KEY: admin,
  XDG_STATE_HOME: folder,
  ...more,
});

/** A program of a user's that imports the package; it lies in the repository, where the package is installed. */
function program(text: string, more: Record<string, string> = {}) {
  const source = `import { Clusterfork } from "clusterfork";\n${text}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    cwd: ROOT,
    env: env(more),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let words = "";
  child.stdout.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((done) =>
    child.once("exit", (code, signal) => done({ code, signal })),
  );
  return { child, ended, words: () => words };
}

async function numbersOf(agent: string): Promise<number[]> {
  const reply = await fetch(`${server.url}/v1/events?limit=1000&agent=${agent}`, {
    headers: { authorization: `Bearer ${keys.read}` },
  });
  return ((await reply.json()) as EventsPage).events.map((event) => Number(event.metadata?.["n"]));
}
/** A small disk of one's own needs a namespace, which some containers refuse. */
const mayMount =
  spawnSync("unshare", ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("the SDK", () => {
  it("[L2] server away, then back: everything once, in order, also from a process that is gone", async () => {
    const url = server.url;
    await server.stop();
    const sender = (from: number, to: number, end: string) =>
      program(`const cf = new Clusterfork({ defaults: { agent_id: "absent" }, onError: () => {} });
        for (let n = ${from}; n <= ${to}; n++) cf.send({ event_type: "node_executed", metadata: { n } });
        ${end}`);
    // One ends by itself, one by process.exit, one by a signal that nobody handles.
    expect(await sender(1, 100, "").ended).toEqual({ code: 0, signal: null });
    expect(await sender(101, 200, "process.exit(3);").ended).toEqual({ code: 3, signal: null });
    expect(
      await sender(201, 300, `process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1e6);`).ended,
    ).toEqual({
      code: null,
      signal: "SIGTERM",
    });
    server = await startServer(data.path, ["--port", new URL(url).port]);
    expect(await sender(301, 310, "").ended).toEqual({ code: 0, signal: null });
    expect(await numbersOf("absent")).toEqual(range(1, 310));
  });

  it("[L2] kill -9 in the middle: what `send` took to disk arrives once, in order", async () => {
    const { child, ended, words } = program(`
      const cf = new Clusterfork({ defaults: { agent_id: "killed" }, durability: "disk", batch: { events: 20, interval_ms: 5 } });
      for (let n = 1; ; n++) {
        cf.send({ event_type: "node_executed", metadata: { n } });
        process.stdout.write(n + "\\n");
        if (n % 10 === 0) await new Promise((wake) => setTimeout(wake, 5));
      }`);
    await expect.poll(() => words().split("\n").length, { timeout: 20_000 }).toBeGreaterThan(300);
    child.kill("SIGKILL");
    expect((await ended).signal).toBe("SIGKILL");
    const said = Number(words().trimEnd().split("\n").at(-1));
    await program(`const cf = new Clusterfork(); console.log(JSON.stringify(await cf.close()));`).ended;
    const stored = await numbersOf("killed");
    expect(stored).toEqual(range(1, stored.length));
    expect(stored.length).toBeGreaterThanOrEqual(said);
  });

  it.skipIf(!mayMount)(
    "a disk that fills: throws nothing, counts what is lost, goes on with room on it",
    async () => {
      const disk = mkdtempSync(join(folder, "disk-"));
      const source = `
      import { Clusterfork } from "clusterfork";
      import { rmSync, writeFileSync } from "node:fs";
      let away = true;
      const told = new Set();
      const cf = new Clusterfork({
        defaults: { agent_id: "full" }, spool: { folder: ${JSON.stringify(disk)} },
        batch: { events: 50 }, max_queued_events: 200, flush_on_exit: false,
        onError: ({ kind, message }) => told.add(message.includes("ENOSPC") ? "ENOSPC" : kind),
        fetch: (...what) => (away ? Promise.reject(new TypeError("away")) : fetch(...what)),
      });
      const ballast = ${JSON.stringify(join(disk, "ballast"))};
      writeFileSync(ballast, Buffer.alloc(100 * 1024));
      let n = 0;
      const send = async (to) => {
        while (n < to) {
          cf.send({ event_type: "node_executed", metadata: { n: ++n } });
          if (n % 100 === 0) await new Promise((wake) => setTimeout(wake, 5));
        }
      };
      while (cf.totals.spooled === 0) await send(n + 100);
      await send(n + 3_000);
      const full = { sent: n, ...cf.totals };
      rmSync(ballast);
      await send(n + 100);
      const later = { sent: n, ...cf.totals };
      away = false;
      const end = await cf.close();
      console.log(JSON.stringify({ told: [...told], full, later, end }));`;
      // A file system of its own, in a namespace that goes with the program.
      const mounted = 'mount -t tmpfs -o size=256k tmpfs "$0" && exec "$1" --input-type=module -e "$2"';
      const { stdout } = await promisify(execFile)(
        "unshare",
        ["--map-root-user", "--mount", "sh", "-c", mounted, disk, process.execPath, source],
        { cwd: ROOT, env: env() },
      );
      type Counted = { sent: number } & Totals;
      const said = JSON.parse(stdout) as { told: string[]; full: Counted; later: Counted; end: Totals };
      expect(said.told.sort()).toEqual(["ENOSPC", "full", "unavailable"]);
      const { sent, spooled, queued, dropped } = said.full;
      expect([dropped > 0, queued, spooled + queued + dropped]).toEqual([true, 200, sent]);
      // There is room again: nothing more is lost, and what waited in memory is on the disk.
      expect(said.later).toMatchObject({ dropped, queued: 0, spooled: said.later.sent - dropped });
      expect(said.end).toMatchObject({ accepted: said.later.sent - dropped, dropped, queued: 0, spooled: 0 });
    },
  );

  it("leaves an application's own handler of a signal alone", async () => {
    const { child, ended, words } = program(`
      const cf = new Clusterfork({ defaults: { agent_id: "handled" } });
      process.on("SIGTERM", () => setTimeout(() => { console.log("mine"); process.exit(7); }, 300));
      cf.send({ event_type: "node_executed", metadata: { n: 1 } });
      console.log("ready");
      setInterval(() => {}, 1e6);`);
    await expect.poll(words, { timeout: 20_000 }).toContain("ready");
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 7, signal: null });
    expect(words()).toContain("mine");
    expect(await numbersOf("handled")).toEqual([1]);
  });

  it("has types that a consumer's compiler checks, in Node and for browsers", async () => {
    for (const how of [
      ["--module", "nodenext"],
      ["--module", "esnext", "--moduleResolution", "bundler", "--customConditions", "browser"],
    ]) {
      const args = [
        "--ignoreConfig",
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--types",
        "node",
        ...how,
      ];
      await promisify(execFile)(process.execPath, [
        join(ROOT, "node_modules/typescript/bin/tsc"),
        ...args,
        join(ROOT, "test/e2e/consumer.mts"),
      ]);
    }
    expect(readFileSync(join(ROOT, "cli/dist/sdk/web.js"), "utf8")).not.toMatch(/node:|process\.|require\(/);
  });
});

function command(args: string[], more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: env(more) });
  let words = "";
  child.stdout.on("data", (chunk: Buffer) => (words += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const ended = new Promise<{ code: number | null; words: string }>((done) =>
    child.once("close", (code) => done({ code, words })),
  );
  return { child, ended, words: () => words };
}

describe("the command", () => {
  it("[L5] exports a log that verifies, and finds the event that was edited", async () => {
    const out = join(folder, "log.ndjson");
    const { code, words } = await command(["export", "--out", out]).ended;
    expect({ code, words }).toMatchObject({ code: 0, words: expect.stringMatching(/whole: \d+ events/) });
    const head = /head (\d+:[0-9a-f]{64})/.exec(words)?.[1] ?? "";
    expect(await command(["verify", out, "--head", head]).ended).toMatchObject({ code: 0 });
    const lines = readFileSync(out, "utf8").split("\n");
    const at = lines.findIndex((line) => line.startsWith('{"seq":7,'));
    lines[at] = lines[at]?.replace('"node_executed"', '"node_executes"') ?? "";
    writeFileSync(out, lines.join("\n"));
    expect(await command(["verify", out]).ended).toMatchObject({
      code: 1,
      words: expect.stringContaining("seq 7"),
    });
  });

  it("runs a command with address and key, its exit code and its signals", async () => {
    const script = "process.exit(process.env.CLUSTERFORK_KEY.startsWith('cfk_') ? 5 : 1)";
    expect(await command(["run", "--", process.execPath, "-e", script]).ended).toMatchObject({ code: 5 });
    const sleeper = command([
      "run",
      "--",
      process.execPath,
      "-e",
      "console.log('up');setInterval(()=>{},1e6)",
    ]);
    await expect.poll(sleeper.words, { timeout: 20_000 }).toContain("up");
    sleeper.child.kill("SIGTERM");
    expect(await sleeper.ended).toMatchObject({ code: 143 });
    expect(await command(["run", "--", "no-such-program"]).ended).toMatchObject({ code: 1 });
  });

  it("builds: asks for the feature, follows it to its merge, and sums it up", async () => {
    const agent = join(folder, "agent.mjs");
    writeFileSync(
      agent,
      `const { CLUSTERFORK_URL: url, CLUSTERFORK_KEY: key, CLUSTERFORK_FEATURE: feature_id } = process.env;
      const send = async (event_type, more) => fetch(url + "/v1/events", { method: "POST",
        headers: { authorization: "Bearer " + key, "content-type": "application/json" },
        body: JSON.stringify({ event_type, timestamp: Date.now(), agent_id: "coder-a", feature_id, task_id: "T1", ...more }) });
      await send("task_created", { metadata: { title: "The model", files: ["a.ts"] } });
      await send("task_started");
      await send("task_progress", { metadata: { progress: 0.4 } });
      await send("tokens_used", { metadata: { model: "m", cost_source: "reported" }, metrics: { input_tokens: 10, output_tokens: 5, cost_usd: 0.34 } });
      await send("task_merged");
      await send("feature_merged", { task_id: undefined });`,
    );
    const { code, words } = await command(["build", "Add sign-in", "--", process.execPath, agent]).ended;
    expect(words).toMatch(/\[████░░░░░░\] 40/);
    expect(words).toMatch(/Summary of Add sign-in \(merged\)/);
    expect(words).toMatch(/Cost: \$0\.34 \(reported/);
    expect(words).toContain("Tests: unknown");
    expect(code).toBe(0);
    const open = await command(["build", "Never merged"], { CLUSTERFORK_BUILD_COMMAND: "exit 4" }).ended;
    expect(open).toMatchObject({ code: 4, words: expect.stringMatching(/never-merged-\w{6} is still open/) });
  });
});

describe("GET /v1/openapi.json", () => {
  interface Api {
    paths: Record<string, Record<string, { parameters: { name: string; in: string }[] }>>;
  }
  it("is the description, and its page is safe", async () => {
    const page = await fetch(`${server.url}/v1/docs`);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
    expect(page.headers.get("content-security-policy")).not.toContain("script-src");
    expect(await page.text()).toContain("POST /v1/events");
  });

  it("real replies and events fit it, and every query parameter is one that the server knows", async () => {
    const api = (await (await fetch(`${server.url}/v1/openapi.json`)).json()) as Api;
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    ajv.addSchema(api, "api");
    const pointer = (...parts: string[]) =>
      parts.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
    const check = (path: string, status: string, body: unknown, method = "get") => {
      const at = pointer("paths", path, method, "responses", status, "content", "application/json", "schema");
      const valid = ajv.validate(`api#/${at}`, body);
      expect(ajv.errors, path).toBeNull();
      expect(valid, path).toBe(true);
    };
    const reading = ["/events", "/state", "/tasks", "/features", "/features/{id}", "/agents"];
    const id =
      ((await (await get("/v1/features")).json()) as { features: { id: string }[] }).features[0]?.id ?? "";
    const asked: [string, string][] = [
      ...reading.flatMap((path): [string, string][] => [
        [`/v1${path}`, `/v1${path.replace("{id}", id)}`],
        [`/api/projects/{project}${path}`, `/api/projects/${project}${path.replace("{id}", id)}`],
      ]),
      ["/healthz", "/healthz"],
      ["/api/teams", "/api/teams"],
      ["/api/projects", "/api/projects"],
      ["/api/keys", `/api/keys?project=${project}`],
      ["/api/auth/get-session", "/api/auth/get-session"],
    ];
    for (const [path, address] of asked) {
      const reply = await get(address);
      expect(reply.status, address).toBe(200);
      check(path, "200", await reply.json());
      if (!reading.some((one) => path.endsWith(one))) continue;
      const refused = await get(`${address}?no_such_parameter=1`);
      const body = (await refused.json()) as { error: { message: string } };
      check(path, "default", body);
      const known = /Known here: ([^.]*)\./.exec(body.error.message)?.[1]?.split(", ") ?? [];
      const described = api.paths[path]?.["get"]?.parameters.filter((one) => one.in === "query") ?? [];
      expect(described.map(({ name }) => name).sort(), path).toEqual(known.sort());
    }
    const event = {
      event_type: "task_progress",
      timestamp: 1_800_000_000_000,
      agent_id: "a",
      metadata: { progress: 0.4 },
    };
    const fits = ajv.compile({ $ref: `api#/${pointer("components", "schemas", "SenderEvents")}` });
    expect(fits([event, { ...event, event_type: "deploy.started" }])).toBe(true);
    expect(fits([{ ...event, metadata: { progress: "half" } }])).toBe(false);
    expect(fits([{ ...event, agent: "a" }])).toBe(false);
    check(
      "/v1/events",
      "200",
      await post("/v1/events", [event, { event_type: "X" }], { authorization: `Bearer ${admin}` }),
      "post",
    );
  });

  const get = (path: string) =>
    fetch(`${server.url}${path}`, {
      headers: path.startsWith("/v1") ? { authorization: `Bearer ${keys.read}` } : { cookie },
    });
});
