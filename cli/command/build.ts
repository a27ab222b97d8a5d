/**
 * `clusterfork build "REQUEST" -- COMMAND`:
 *
 *   feature_requested ─▶ COMMAND (CLUSTERFORK_FEATURE) ─▶ its events ─▶ told here, until the feature is closed
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import * as z from "zod";
import type { StoredEvent } from "../../schema/event/event.ts";
import { resolveConnection, type Connection } from "../client/connection.ts";
import { CLOSING, readReport } from "../client/report.ts";
import { followStream } from "../client/stream.ts";
import { postEvents, request, RequestError } from "../client/transport.ts";
import { featureSummary } from "../print/feature-summary.ts";
import { Narrative } from "../print/narrative.ts";
import { clean } from "../print/terminal.ts";
import { mintUuid } from "../sdk/uuid.ts";
import { splitCommand, startChild } from "./child.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { explainRequest } from "./refusal.ts";
import { UserError } from "./user-error.ts";

const CONFIG = "clusterfork.json";
/** Events that the command sent last may still be on their way when it ends, ms. */
const GRACE_MS = 2_000;
/** Characters of the request that stand in the feature's id. */
const MAX_SLUG_CHARS = 40;

export async function build(args: string[]): Promise<number> {
  const { own, command: given } = splitCommand(args);
  const { values, positionals } = readFlags("build", own, {
    ...CONNECTION_OPTIONS,
    feature: { type: "string" },
    as: { type: "string" },
  });
  const [wanted, ...more] = positionals;
  if (wanted === undefined || wanted.trim() === "" || more.length > 0)
    throw new UserError('build what? `clusterfork build "REQUEST" -- COMMAND`; quote the request.', 2);
  const command = given.length > 0 ? given : configuredCommand(process.env);
  const connection = resolveConnection(values);
  const feature = values.feature ?? featureId(wanted);
  const since = await ask(connection, feature, wanted, values.as ?? userInfo().username);
  const ending = new AbortController();
  const closed = follow(connection, feature, since, ending.signal);
  const child = startChild(command, {
    CLUSTERFORK_URL: connection.url,
    CLUSTERFORK_KEY: connection.key,
    CLUSTERFORK_FEATURE: feature,
    CLUSTERFORK_REQUEST: wanted,
  });
  try {
    const code = await child.ended;
    const grace = setTimeout(() => ending.abort(), GRACE_MS);
    const how = await closed;
    clearTimeout(grace);
    if (how === null) console.error(`The command ended (exit code ${code}) and ${feature} is still open.`);
    return how === "feature_abandoned" && code === 0 ? 1 : code;
  } finally {
    ending.abort();
  }
}

/** A readable id that the same request always gets. */
export function featureId(wanted: string): string {
  const slug = wanted
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG_CHARS)
    .replace(/^-+|-+$/g, "");
  const hash = createHash("sha256").update(wanted.trim()).digest("hex").slice(0, 6);
  return slug === "" ? hash : `${slug}-${hash}`;
}

const configuration = z.looseObject({ build: z.union([z.string().min(1), z.array(z.string()).min(1)]) });

export function configuredCommand(env: NodeJS.ProcessEnv, path = CONFIG): string | string[] {
  const line = env["CLUSTERFORK_BUILD_COMMAND"];
  if (line !== undefined && line !== "") return line;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new UserError(
      `no command: give it after \`--\`, in CLUSTERFORK_BUILD_COMMAND, or as "build" in ./${CONFIG}.`,
      2,
    );
  }
  try {
    return configuration.parse(JSON.parse(text)).build;
  } catch {
    throw new UserError(
      `${path} must be JSON with "build": a line for the shell, or ["program", "argument", …].`,
    );
  }
}

/** Sends the request; returns the seq after which its progress begins. */
async function ask(connection: Connection, feature: string, wanted: string, who: string): Promise<number> {
  const now_ms = Date.now();
  const event = {
    id: mintUuid(now_ms),
    timestamp: new Date(now_ms).toISOString(),
    event_type: "feature_requested",
    agent_id: who,
    feature_id: feature,
    metadata: { title: wanted, requested_by: who },
  };
  try {
    const answer = await postEvents(connection, [JSON.stringify(event)], "cli", { maxTries: 5 });
    if (answer.first_seq === null)
      throw new UserError(`the request was refused: ${clean(answer.results?.[0]?.message ?? "", 400)}`);
    return answer.first_seq - 1;
  } catch (error) {
    if (error instanceof RequestError) throw new UserError(explainRequest(error));
    throw error;
  }
}

/** Tells of the feature until it is closed; resolves with the type of event that closed it, or null at the signal. */
async function follow(
  connection: Connection,
  feature: string,
  since: number,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    // The stream's own refusal has no words; a read has.
    await request(connection, "/v1/events?limit=1", {}, { maxTries: 2 });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    console.error(`No progress is shown: ${explainRequest(error)}`);
    await new Promise((done) => signal.addEventListener("abort", done, { once: true }));
    return null;
  }
  const narrative = new Narrative(process.stdout.isTTY === true);
  const tasks = new Set<string>();
  const belongs = ({ feature_id, task_id }: StoredEvent): boolean => {
    if (feature_id === feature && task_id !== undefined) tasks.add(task_id);
    return feature_id === feature || (task_id !== undefined && tasks.has(task_id));
  };
  for await (const { event, notice } of followStream(connection, since, signal)) {
    if (notice !== undefined) console.error(clean(notice));
    if (event === undefined || !belongs(event)) continue;
    console.log(narrative.tell(event));
    if (event.feature_id !== feature || !CLOSING.has(event.event_type)) continue;
    const known = await readReport(connection, feature);
    if (known !== null) console.log(featureSummary(known));
    return event.event_type;
  }
  return null;
}
