/**
 * README's "Connect what you run", as a person follows it: each recipe is taken out of the README and run in a
 * home of its own; then an agent's part is played from what was written there, and from nothing else.
 */
import { createHmac } from "node:crypto";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv, promisify } from "node:util";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { HookCreatedResponse } from "../../schema/wire/hook.ts";
import { HOOK_TIMEOUT_S, type ClaudeCodeSettings, type HookHandler } from "../../schema/wire/sender.ts";
import { pullRequest } from "../../worker/intake/github/deliveries.test-data.ts";
import { readLog, signUp } from "./account.ts";
import { runCommand } from "./command.ts";
import { dataFolder, startServer, type Running } from "./server.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SESSION = "0a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f";
const run = promisify(execFile);

const data = dataFolder();
let server: Running;
let home = "";

beforeAll(async () => {
  server = await startServer(data.path);
});
afterAll(async () => {
  await server.stop();
  data.remove();
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "clusterfork-home-"));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

async function project(team: string) {
  const account = await signUp(server.url, team);
  return { account, key: account.keys.ingest, events: () => readLog(server.url, account.keys.read) };
}

/** The fenced block under a heading of the section, as it is printed. */
function recipe(name: string): string {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const section = readme.split("## Connect what you run\n")[1]?.split(/^## /m)[0] ?? "";
  const text = section.split(`### ${name}\n`)[1]?.split(/^### /m)[0] ?? "";
  const block = /```sh\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  expect(block.trim().split("\n").length).toBeLessThanOrEqual(8);
  expect(block.trim()).not.toBe("");
  return block;
}

/** A shell of the person's: `npx clusterfork` is the built command; `gh` writes down what it is told. */
async function paste(script: string, key: string, env: Record<string, string> = {}) {
  const bin = join(home, "bin");
  const work = join(home, "work");
  for (const folder of [bin, work]) mkdirSync(folder, { recursive: true });
  const program = (name: string, body: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program("npx", `shift\nexec "${process.execPath}" "${join(ROOT, "cli/bin/clusterfork.js")}" "$@"`);
  program("gh", `printf '%s\\n' "$@" > "${join(home, "gh.txt")}"`);
  const { CODEX_HOME, CLAUDE_CONFIG_DIR, GEMINI_CLI_HOME, ...rest } = process.env;
  void [CODEX_HOME, CLAUDE_CONFIG_DIR, GEMINI_CLI_HOME];
  return await run("/bin/sh", ["-ec", script.replace("cfk_…", key)], {
    cwd: work,
    env: {
      ...rest,
      HOME: home,
      XDG_CONFIG_HOME: join(home, "config"),
      XDG_STATE_HOME: join(home, "state"),
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      CLUSTERFORK_URL: server.url,
      ...env,
    },
  });
}

/** Claude Code's own way: only listed variables are put into headers, and it waits no longer than it is told. */
async function callHook(handler: HookHandler, env: Record<string, string>, payload: object): Promise<number> {
  const headers = Object.fromEntries(
    Object.entries(handler.headers).map(([name, value]) => [
      name,
      value.replace(/\$(\w+)/g, (_all, name: string) =>
        handler.allowedEnvVars.includes(name) ? (env[name] ?? "") : "",
      ),
    ]),
  );
  const reply = await fetch(handler.url, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(payload),
    signal: AbortSignal.timeout(handler.timeout * 1000),
  });
  expect(await reply.text()).toBe("");
  return reply.status;
}

interface Log {
  service: string;
  body: string;
  attributes: Record<string, string | number>;
}

/** With OpenTelemetry's own exporter; where no headers are given it reads them from the environment. */
async function sendLog(url: string, headers: Record<string, string> | undefined, log: Log): Promise<void> {
  const exporter = new OTLPLogExporter({ url, ...(headers === undefined ? {} : { headers }) });
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": log.service }),
    processors: [new SimpleLogRecordProcessor({ exporter })],
  });
  provider.getLogger(log.service).emit({ body: log.body, attributes: log.attributes });
  await provider.forceFlush();
  await provider.shutdown();
}

const USAGE = { input_token_count: 1000, output_token_count: 50, cached_token_count: 400 };

it("[M1] Claude Code: what it then calls and sends arrives as events", async () => {
  const { key, events } = await project("Claude Code");
  const { stdout } = await paste(recipe("Claude Code"), key);
  const path = join(home, "work/.claude/settings.local.json");
  expect(stdout).toContain(`Wrote ${path}.`);
  expect(stdout).not.toContain("! ");
  const { env, hooks } = JSON.parse(readFileSync(path, "utf8")) as ClaudeCodeSettings;
  const tell = async (name: string, fields: object) => {
    const [group] = hooks[name] ?? [];
    if (group?.hooks[0] === undefined) throw new Error(`no hook on ${name}`);
    const payload = { session_id: SESSION, cwd: "/home/a/shop", hook_event_name: name, ...fields };
    expect(await callHook(group.hooks[0], env, payload)).toBe(204);
  };
  await tell("UserPromptSubmit", { prompt: "CANARY", prompt_id: "p-1" });
  expect("Edit").toMatch(new RegExp(`^(${hooks["PreToolUse"]?.[0]?.matcher ?? ""})$`));
  const edit = { tool_name: "Edit", tool_use_id: "toolu_1", tool_input: { file_path: "/home/a/shop/a.ts" } };
  await tell("PreToolUse", edit);
  const [name = "", value = ""] = (env["OTEL_EXPORTER_OTLP_HEADERS"] ?? "").split("=");
  expect(env).toMatchObject({ CLAUDE_CODE_ENABLE_TELEMETRY: "1", OTEL_LOGS_EXPORTER: "otlp" });
  await sendLog(
    `${env["OTEL_EXPORTER_OTLP_ENDPOINT"]}/v1/logs`,
    { [name]: value },
    {
      service: "claude-code",
      body: "claude_code.api_request",
      attributes: {
        "event.name": "api_request",
        "event.sequence": 1,
        "session.id": SESSION,
        model: "claude-sonnet-4-5",
        request_id: "req_connect_test_01",
        input_tokens: 1200,
        output_tokens: 480,
      },
    },
  );
  const stored = await events();
  expect(new Set(stored.map(({ source }) => source))).toEqual(new Set(["claude-code", "otlp"]));
  expect(stored.map(({ event_type }) => event_type)).toEqual(
    expect.arrayContaining(["task_started", "file_locked", "tokens_used"]),
  );
  // Hooks and telemetry tell of one agent.
  expect(new Set(stored.map(({ agent_id }) => agent_id))).toEqual(new Set(["claude-code:0a1b2c3d"]));
  expect(JSON.stringify(stored)).not.toContain("CANARY");

  const again = await paste(recipe("Claude Code"), key);
  expect(again.stdout).toContain("says it already");
  const list = await paste("npx clusterfork connect", key);
  expect(list.stdout).toContain(`connected to ${server.url} (${path})`);
  await paste(`${recipe("Claude Code").trim().replace("--write", "--undo")}`, key);
  expect(() => readFileSync(path)).toThrow(/ENOENT/);
});

it("Codex: its log arrives at the address and with the header of config.toml", async () => {
  const { key, events } = await project("Codex");
  await paste(recipe("Codex"), key);
  const text = readFileSync(join(home, ".codex/config.toml"), "utf8");
  const [, endpoint = ""] = /^endpoint = "(.*)"$/m.exec(text) ?? [];
  const [, name = "", value = ""] = /^headers = \{ "(.*)" = "(.*)" \}$/m.exec(text) ?? [];
  await sendLog(
    endpoint,
    { [name]: value },
    {
      service: "codex_cli_rs",
      body: "codex.sse_event",
      attributes: {
        "event.name": "codex.sse_event",
        "event.kind": "response.completed",
        "conversation.id": SESSION,
        model: "gpt-5",
        ...USAGE,
      },
    },
  );
  const call = (await events()).find(({ event_type }) => event_type === "tokens_used");
  expect(call).toMatchObject({ source: "otlp", metrics: { output_tokens: 50, cache_read_tokens: 400 } });
});

it("Gemini CLI: its log arrives with the header that .env puts into its environment", async () => {
  const { key, events } = await project("Gemini CLI");
  await paste(recipe("Gemini CLI"), key);
  const { telemetry } = JSON.parse(readFileSync(join(home, ".gemini/settings.json"), "utf8")) as {
    telemetry: Record<string, unknown>;
  };
  expect(telemetry).toMatchObject({
    enabled: true,
    target: "local",
    otlpProtocol: "http",
    logPrompts: false,
  });
  const variables = parseEnv(readFileSync(join(home, ".gemini/.env"), "utf8"));
  process.env["OTEL_EXPORTER_OTLP_HEADERS"] = variables["OTEL_EXPORTER_OTLP_HEADERS"];
  try {
    await sendLog(`${String(telemetry["otlpEndpoint"])}/v1/logs`, undefined, {
      service: "gemini-cli",
      body: "API response",
      attributes: {
        "event.name": "gemini_cli.api_response",
        "session.id": SESSION,
        model: "gemini-2.5-pro",
        input_token_count: 1000,
        output_token_count: 50,
        cached_content_token_count: 400,
      },
    });
  } finally {
    delete process.env["OTEL_EXPORTER_OTLP_HEADERS"];
  }
  const call = (await events()).find(({ event_type }) => event_type === "tokens_used");
  expect(call).toMatchObject({ source: "otlp", metrics: { output_tokens: 50, cache_read_tokens: 400 } });
});

it("GitHub: a delivery to the URL and with the secret that the command was given arrives", async () => {
  const { account, key, events } = await project("GitHub");
  const body = JSON.stringify({ project: account.project.id, name: "octo-org/hello-world" });
  const headers = { "content-type": "application/json", origin: server.url, cookie: account.cookie };
  const made = await fetch(`${server.url}/api/hooks`, { method: "POST", headers, body });
  const { hook, secret } = (await made.json()) as HookCreatedResponse;
  await paste(recipe("GitHub"), key, { PAYLOAD_URL: hook.url, SECRET: secret });
  const told = readFileSync(join(home, "gh.txt"), "utf8").split("\n");
  const config = (name: string) =>
    told.find((line) => line.startsWith(`config[${name}]=`))?.slice(`config[${name}]=`.length) ?? "";
  expect(config("content_type")).toBe("json");
  const { event, payload } = pullRequest("opened");
  expect(told).toContain(`events[]=${event}`);
  const text = JSON.stringify(payload);
  const signature = createHmac("sha256", config("secret")).update(text).digest("hex");
  const reply = await fetch(config("url"), {
    method: "POST",
    body: text,
    headers: {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/044aadd",
      "x-github-delivery": crypto.randomUUID(),
      "x-github-event": event,
      "x-hub-signature-256": `sha256=${signature}`,
    },
  });
  expect(reply.status).toBe(200);
  expect((await events()).map(({ source }) => source)).toContain("github");
});

it("Transcripts: finds what was recorded, asks, and brings it in", async () => {
  const { key, events } = await project("Transcripts");
  const folder = join(home, ".claude/projects/-home-a-shop");
  mkdirSync(folder, { recursive: true });
  const line = { sessionId: SESSION, cwd: "/home/a/shop", version: "2.0.0", isSidechain: false };
  const usage = { input_tokens: 10, output_tokens: 5 };
  const lines = [
    {
      type: "user",
      uuid: "u-1",
      timestamp: "2026-05-01T10:00:00.000Z",
      message: { role: "user", content: "CANARY" },
    },
    {
      type: "assistant",
      uuid: "u-2",
      requestId: "req_transcript_test_1",
      timestamp: "2026-05-01T10:00:05.000Z",
      message: {
        id: "msg_1",
        role: "assistant",
        model: "claude-sonnet-4-5",
        content: [],
        stop_reason: "end_turn",
        usage,
      },
    },
  ];
  writeFileSync(
    join(folder, `${SESSION}.jsonl`),
    lines.map((one) => `${JSON.stringify({ ...line, ...one })}\n`).join(""),
  );
  const asked = await paste(recipe("Transcripts"), key).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  expect(`${asked.stdout}${asked.stderr}`).toMatch(/Claude Code[\s\S]*nobody is here to be asked/);
  expect(await events()).toEqual([]);
  await paste(`${recipe("Transcripts").trim()} --yes`, key);
  expect((await events()).map(({ event_type }) => event_type)).toContain("tokens_used");
});

it("a server that never answers holds up neither the command nor a session", async () => {
  const { key } = await project("Slow");
  const hang = createServer(() => {});
  await new Promise<void>((resolve) => hang.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(hang.address() as AddressInfo).port}`;
  try {
    const written = await paste("npx clusterfork connect claude-code --write", key, {
      CLUSTERFORK_URL: url,
      CLUSTERFORK_KEY: key,
    });
    expect(written.stdout).toContain("does not answer now");
    const text = readFileSync(join(home, "work/.claude/settings.local.json"), "utf8");
    const { env, hooks } = JSON.parse(text) as ClaudeCodeSettings;
    const handler = hooks["Stop"]?.[0]?.hooks[0];
    if (handler === undefined) throw new Error("no hook on Stop");
    expect(handler.timeout).toBe(HOOK_TIMEOUT_S);
    const started = performance.now();
    await expect(callHook(handler, env, {})).rejects.toThrow(/timeout/i);
    expect(performance.now() - started).toBeLessThan(5_000);
  } finally {
    hang.close();
  }
});

it("a key that may not send is told at once", async () => {
  const { account } = await project("Read key");
  const where = { url: server.url, key: account.keys.read, home };
  const command = runCommand(["connect", "codex", "--write"], where, [
    "env",
    `HOME=${home}`,
    process.execPath,
    join(ROOT, "cli/bin/clusterfork.js"),
  ]);
  const { code, out } = await command.ended;
  expect([code, out]).toEqual([0, expect.stringContaining("does not take this key (403)")]);
});
