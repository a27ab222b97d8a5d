/**
 * The ways to send a first event, written out with the reader's own address and
 * key, so that pasting is enough. Pure: what is shown is what is copied.
 */

import { claudeCodeText } from "../../../schema/wire/sender.ts";

/** Characters that no shell gives a meaning to. */
const PLAIN_WORD = /^[A-Za-z0-9_./:@%+=,-]+$/;

/** One word for a POSIX shell: bare where it can be, else in single quotes, where nothing is expanded. */
export function shellWord(text: string): string {
  return PLAIN_WORD.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export interface Sender {
  /** Where this dashboard was opened, `https://host:port`. */
  origin: string;
  key: string;
}

/** The event of the picture: an agent begins a task. */
const FIRST_EVENT = {
  event_type: "task_started",
  agent_id: "coder-a",
  agent_role: "coder",
  task_id: "TASK-001",
} as const;

export function curlSnippet({ origin, key }: Sender): string {
  const { event_type, agent_id, agent_role, task_id } = FIRST_EVENT;
  return [
    `export CLUSTERFORK_KEY=${shellWord(key)}`,
    `curl ${shellWord(`${origin}/v1/events`)} \\`,
    `  -H "Authorization: Bearer $CLUSTERFORK_KEY" \\`,
    `  -H "Content-Type: application/json" --data-binary @- <<EVENT`,
    `{ "timestamp": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",`,
    `  "event_type": "${event_type}", "task_id": "${task_id}",`,
    `  "agent_id": "${agent_id}", "agent_role": "${agent_role}" }`,
    `EVENT`,
  ].join("\n");
}

export function cliSnippet({ origin, key }: Sender): string {
  const { event_type, agent_id, agent_role, task_id } = FIRST_EVENT;
  return [
    `export CLUSTERFORK_URL=${shellWord(origin)}`,
    `export CLUSTERFORK_KEY=${shellWord(key)}`,
    `npx clusterfork send ${event_type} \\`,
    `  --agent ${agent_id} --role ${agent_role} --task ${task_id}`,
    `# or your own history, of every agent that is here:`,
    `# npx clusterfork import --discover`,
  ].join("\n");
}

export function fetchSnippet({ origin, key }: Sender): string {
  const { event_type, agent_id, agent_role, task_id } = FIRST_EVENT;
  return [
    `const key = ${JSON.stringify(key)};`,
    `const url = ${JSON.stringify(`${origin}/v1/events`)};`,
    `const reply = await fetch(url, {`,
    `  method: "POST",`,
    `  headers: {`,
    `    Authorization: \`Bearer \${key}\`,`,
    `    "Content-Type": "application/json",`,
    `  },`,
    `  body: JSON.stringify({`,
    `    timestamp: new Date(),`,
    `    event_type: "${event_type}", task_id: "${task_id}",`,
    `    agent_id: "${agent_id}", agent_role: "${agent_role}",`,
    `  }),`,
    `});`,
    `console.log(reply.status, await reply.json());`,
  ].join("\n");
}

/** Has the command write Claude Code's settings: hooks and telemetry. */
export function claudeCodeSnippet({ origin, key }: Sender): string {
  return [
    `export CLUSTERFORK_URL=${shellWord(origin)}`,
    `export CLUSTERFORK_KEY=${shellWord(key)}`,
    `npx clusterfork connect claude-code --write`,
    `# or codex, or gemini; --undo takes it out again`,
  ].join("\n");
}

/** The same settings for whoever pastes them. */
export function claudeCodeSettingsSnippet({ origin, key }: Sender): string {
  return claudeCodeText({ url: origin, key });
}

/** Feeds a sample project by hand. */
export function simulateSnippet({ origin, key }: Sender): string {
  return [
    `export CLUSTERFORK_URL=${shellWord(origin)}`,
    `export CLUSTERFORK_KEY=${shellWord(key)}`,
    `npx clusterfork simulate --start now-3h --speed live --features endless`,
  ].join("\n");
}

/** Asks the server whether it knows the key's project at all; for "Nothing arriving?". */
export function checkSnippet({ origin }: Sender): string {
  return `curl -i ${shellWord(`${origin}/healthz`)}`;
}

/** Stands in a snippet for a key that is no longer shown. */
export const LOST_KEY = "cfk_your-key";
