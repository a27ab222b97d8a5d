/**
 * What the settings of agents say so that their work arrives here: shown by the
 * dashboard, written by `clusterfork connect`.
 *
 *   Claude Code ── hooks of type http ──▶ /v1/hooks/claude-code
 *   Claude Code, Codex, Gemini CLI ─ OTLP ─▶ /v1/otlp
 *
 * Formats as of 2026-11: Claude Code's hooks reference and monitoring guide,
 * Codex' `config.toml` (`codex-rs/otel`), Gemini CLI's `telemetry/{config,sdk}.ts`.
 */

export interface Sender {
  /** Address of Clusterfork, without a slash at the end. */
  url: string;
  /** With the scope `ingest`. */
  key: string;
}

/** The variable that holds the key, where a format can name one instead of the key. */
export const KEY_VARIABLE = "CLUSTERFORK_KEY";

/** Seconds that a session waits at most for one hook: it goes on without an answer, whatever became of the server. */
export const HOOK_TIMEOUT_S = 2;

/**
 * The hooks that are read, in the order of a session. SessionStart and Setup take no http hooks, and one on
 * WorktreeCreate would have to make the worktree.
 */
export const CLAUDE_CODE_HOOK_NAMES = [
  "UserPromptSubmit",
  "PreToolUse",
  "PostToolUse",
  "PostToolUseFailure",
  "TaskCreated",
  "TaskCompleted",
  "SubagentStart",
  "SubagentStop",
  "Stop",
  "TeammateIdle",
  "Notification",
  "StopFailure",
  "PreCompact",
  "SessionEnd",
] as const;

/** Of what is about to happen only these tools tell something: no other call waits twice. */
const BEFORE_TOOLS = "Edit|MultiEdit|Write|NotebookEdit|TaskUpdate|AskUserQuestion";

export interface HookHandler {
  type: "http";
  url: string;
  headers: Record<string, string>;
  allowedEnvVars: string[];
  /** Seconds. */
  timeout: number;
}

export interface HookGroup {
  matcher?: string;
  hooks: HookHandler[];
}

export interface ClaudeCodeSettings {
  env: Record<string, string>;
  hooks: Record<string, HookGroup[]>;
}

export const HOOK_PATH = "/v1/hooks/claude-code";
export const OTLP_PATH = "/v1/otlp";

export function claudeCodeSettings({ url, key }: Sender): ClaudeCodeSettings {
  const handler: HookHandler = {
    type: "http",
    url: `${url}${HOOK_PATH}`,
    headers: { Authorization: `Bearer $${KEY_VARIABLE}` },
    allowedEnvVars: [KEY_VARIABLE],
    timeout: HOOK_TIMEOUT_S,
  };
  const hooks: Record<string, HookGroup[]> = {};
  for (const name of CLAUDE_CODE_HOOK_NAMES)
    hooks[name] = [{ ...(name === "PreToolUse" ? { matcher: BEFORE_TOOLS } : {}), hooks: [handler] }];
  return {
    env: {
      [KEY_VARIABLE]: key,
      CLAUDE_CODE_ENABLE_TELEMETRY: "1",
      OTEL_LOGS_EXPORTER: "otlp",
      OTEL_METRICS_EXPORTER: "otlp",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_OTLP_ENDPOINT: `${url}${OTLP_PATH}`,
      // No variable is expanded here: the header holds the key itself.
      OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer ${key}`,
    },
    hooks,
  };
}

/** The same as JSON to be pasted: one line for each hook. */
export function claudeCodeText(sender: Sender): string {
  const { env, hooks } = claudeCodeSettings(sender);
  const lines = Object.entries(hooks).map(
    ([name, groups]) => `    ${JSON.stringify(name)}: ${JSON.stringify(groups)}`,
  );
  const variables = JSON.stringify(env, null, 2).replaceAll("\n", "\n  ");
  return `{\n  "env": ${variables},\n  "hooks": {\n${lines.join(",\n")}\n  }\n}`;
}

/** Codex sends to the address as it stands: with the path of its logs. What it calls traces are its inner workings. */
export function codexText({ url, key }: Sender): string {
  // A JSON string of plain characters is a basic string of TOML.
  const text = (value: string) => JSON.stringify(value);
  return [
    "[otel]",
    "log_user_prompt = false",
    "",
    "[otel.exporter.otlp-http]",
    `endpoint = ${text(`${url}${OTLP_PATH}/v1/logs`)}`,
    `protocol = "binary"`,
    `headers = { "authorization" = ${text(`Bearer ${key}`)} }`,
  ].join("\n");
}

/** Gemini CLI adds `/v1/logs` and the like to the address itself. */
export function geminiTelemetry({ url }: Pick<Sender, "url">) {
  return {
    enabled: true,
    target: "local",
    otlpEndpoint: `${url}${OTLP_PATH}`,
    otlpProtocol: "http",
    logPrompts: false,
  };
}

/** Its settings name no headers; its exporters read them from the environment, which `.gemini/.env` fills. */
export function geminiEnvironment({ key }: Pick<Sender, "key">): string {
  return `OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer ${key}"`;
}
