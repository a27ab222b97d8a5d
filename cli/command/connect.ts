/** `clusterfork connect`: the settings by which an agent tells Clusterfork what it does. */
import { spawnSync } from "node:child_process";
import { basename, dirname } from "node:path";
import { OTLP_PATH, type Sender } from "../../schema/wire/sender.ts";
import { KEY_SHAPE, resolveConnection, resolveUrl } from "../client/connection.ts";
import { undoSettings, writeSettings, type Change } from "../connect/change.ts";
import { readText } from "../connect/file.ts";
import { Refusal, TOOL_NAMES, type Tool, type ToolName } from "../connect/part.ts";
import { isInstalled, toolAt, type Where } from "../connect/place.ts";
import { clean } from "../print/terminal.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { UserError } from "./user-error.ts";

/** Settings are written whether the server runs or not: it is asked this long whether it takes the key. */
const CHECK_TIMEOUT_MS = 3_000;
/** Stands where nobody gave a key yet. */
const NO_KEY = "cfk_your-key";

export async function connect(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("connect", args, {
    ...CONNECTION_OPTIONS,
    write: { type: "boolean", default: false },
    undo: { type: "boolean", default: false },
    project: { type: "boolean", default: false },
    user: { type: "boolean", default: false },
    "hooks-only": { type: "boolean", default: false },
  });
  const { write, undo, project, user } = values;
  const [given, ...more] = positionals;
  if (more.length > 0) throw new UserError("connect one at a time: `clusterfork connect NAME`.", 2);
  if (write && undo) throw new UserError("either --write or --undo.", 2);
  if (project && user) throw new UserError("either --project or --user.", 2);
  const here = { env: process.env, cwd: process.cwd(), hooks_only: values["hooks-only"] };
  if (given === undefined) {
    if (write || undo)
      throw new UserError(
        `connect what? \`clusterfork connect NAME\` with one of ${TOOL_NAMES.join(", ")}.`,
        2,
      );
    return list(here);
  }
  const name = TOOL_NAMES.find((known) => known === given);
  if (name === undefined)
    throw new UserError(
      `clusterfork cannot connect "${clean(given, 40)}". It knows ${TOOL_NAMES.join(", ")}.`,
      2,
    );
  if (name !== "claude-code") refuseFlags(name, project, values["hooks-only"]);
  const tool = toolAt(name, { ...here, scope: user || name !== "claude-code" ? "user" : "project" });
  if (undo) return undone(tool);
  if (write) return await written(tool, senderOf(resolveConnection(values)));
  return shown(tool, openSender(values));
}

function refuseFlags(name: ToolName, project: boolean, hooks_only: boolean): void {
  if (project)
    throw new UserError(
      `${name} is connected for all projects of the user; --project is for claude-code.`,
      2,
    );
  if (hooks_only) throw new UserError(`--hooks-only is for claude-code: ${name} has telemetry alone.`, 2);
}

function senderOf({ url, key }: Sender): Sender {
  if (!KEY_SHAPE.test(key))
    throw new UserError("that is not an API key. It begins with cfk_ and is shown once, when it is made.");
  return { url, key };
}

/** Settings can be looked at before there is a key. */
function openSender(flags: { url?: string | undefined; key?: string | undefined }): Sender {
  try {
    return senderOf(resolveConnection(flags));
  } catch (error) {
    if (!(error instanceof UserError) || flags.key !== undefined) throw error;
    console.error(`No key is known here: put yours in place of ${NO_KEY}.`);
    return { url: resolveUrl(flags), key: NO_KEY };
  }
}

/** The settings alone on standard output, what to do with them beside it. */
function shown(tool: Tool, sender: Sender): number {
  for (const part of tool.parts) {
    console.error(`In ${part.path}, beside what it says:\n`);
    console.log(part.shown(sender));
  }
  console.error(`\nOr let this command do it: clusterfork connect ${tool.name} --write`);
  return 0;
}

async function written(tool: Tool, sender: Sender): Promise<number> {
  let changes: Change[];
  try {
    changes = writeSettings(tool, sender);
  } catch (error) {
    if (error instanceof Refusal) for (const part of tool.parts) console.log(part.shown(sender));
    throw error;
  }
  for (const { path, kind, backup } of changes) {
    const kept = backup === null ? "" : ` As it was: ${backup}`;
    console.log(kind === "unchanged" ? `${path} says it already.${kept}` : `Wrote ${path}.${kept}`);
  }
  const texts = tool.parts.map((part) => readText(part.path).text);
  for (const note of [...tool.notes(texts, sender), ...notIgnored(tool), await checkKey(sender)])
    if (note !== null) console.log(`! ${note}`);
  console.log(`${tool.title} tells ${sender.url} from its next start on. To take it back: add --undo.`);
  return 0;
}

function undone(tool: Tool): number {
  const words: Record<Change["kind"], string> = {
    restored: "Took the settings out of",
    removed: "Removed, as nothing else was in it:",
    absent: "No settings of Clusterfork in",
    written: "Wrote",
    unchanged: "Unchanged:",
  };
  for (const { path, kind } of undoSettings(tool)) console.log(`${words[kind]} ${path}`);
  return 0;
}

/** A key must not be committed. Claude Code keeps its own local settings out of git; a file that we made it does not know. */
function notIgnored(tool: Tool): string[] {
  return tool.parts
    .filter(({ secret }) => secret)
    .flatMap(({ path }) => {
      const { status } = spawnSync("git", ["check-ignore", "-q", basename(path)], { cwd: dirname(path) });
      return status === 1
        ? [`git does not ignore ${path}, which holds your key: add it to .git/info/exclude.`]
        : [];
    });
}

/** An empty request is a valid one: it tells whether the key may send, and stores nothing. */
async function checkKey({ url, key }: Sender): Promise<string | null> {
  try {
    const reply = await fetch(`${url}${OTLP_PATH}/v1/logs`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
    });
    if (reply.ok) return null;
    return `${url} does not take this key (${reply.status}): make one that may send events in the project's settings, and run this again.`;
  } catch {
    return `${url} does not answer now. Agents are not held up by that; what happens meanwhile is lost.`;
  }
}

function list(here: Omit<Where, "scope">): number {
  for (const name of TOOL_NAMES) {
    const scopes = name === "claude-code" ? (["project", "user"] as const) : (["user"] as const);
    const tools = scopes.map((scope) => toolAt(name, { ...here, scope }));
    const connected = tools.flatMap(({ parts: [part] }) => {
      const address = part?.address(readText(part.path).text) ?? null;
      return part === undefined || address === null
        ? []
        : [`connected to ${clean(address, 200)} (${part.path})`];
    });
    const [tool] = tools;
    const state =
      tool !== undefined && isInstalled(tool, here.env) ? "found, not connected" : "not found here";
    console.log(`${name.padEnd(14)}${connected.length > 0 ? connected.join("; ") : state}`);
  }
  console.log("\nclusterfork connect NAME shows the settings; --write puts them in, --undo takes them out.");
  return 0;
}
