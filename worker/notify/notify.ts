/**
 * How alerts leave a project: which of its channels want one, and the request itself.
 *
 *   D1: alert_channel ──▶ plan: channel × event ──▶ the room notes each ──▶ send ──▶ webhook, Slack, e-mail
 *
 * The room owns the when, the retries and the outcomes, and knows this only as a port (room/notices.ts).
 */
import { eq } from "drizzle-orm";
import type { StoredEvent } from "../../schema/event/event.ts";
import { SEVERITIES, type Severity } from "../../schema/state/entity/alert.ts";
import { project } from "../../schema/table/tables.ts";
import { notSent } from "../../schema/wire/outward.ts";
import { readChannelAddress } from "../account/channel-address.ts";
import { listChannels, openTarget, type Channel } from "../account/channels.ts";
import { openDatabase } from "../account/database.ts";
import type { Env } from "../env.ts";
import { ANSWER_TIMEOUT_MS } from "./limits.ts";
import { emailText, signatureHeaders, slackBody, webhookBody, type Message } from "./message.ts";

interface Sent {
  /** Null: it was taken. Else what is wrong and what to do. */
  error: string | null;
  /** Trying again is of no use. */
  final: boolean;
}
const TAKEN: Sent = { error: null, final: true };
const over = (error: string): Sent => ({ error, final: true });
const again = (error: string): Sent => ({ error, final: false });

type Settings = Pick<
  Env,
  "DB" | "KEY_SECRET" | "BASE_URL" | "MODEL_URL" | "ALERT_EMAIL" | "ALERT_EMAIL_FROM"
>;

export class Notify {
  readonly #env: Settings;
  readonly #project_id: string;

  constructor(env: Settings, project_id: string) {
    this.#env = env;
    this.#project_id = project_id;
  }

  /** Rejects when D1 is away. */
  async plan(events: readonly StoredEvent[]): Promise<{ channel: string; seq: number }[]> {
    const channels = await listChannels(openDatabase(this.#env.DB), this.#project_id);
    return channels.flatMap(({ id, least }) =>
      events
        .filter(({ metadata }) => reaches(metadata?.["severity"], least))
        .map(({ seq }) => ({ channel: id, seq })),
    );
  }

  /** Rejects when D1 is away. */
  async send(channel_id: string, notice: Omit<Message, "project">): Promise<Sent> {
    const database = openDatabase(this.#env.DB);
    const channels = await listChannels(database, this.#project_id);
    const channel = channels.find(({ id }) => id === channel_id);
    if (channel === undefined) return over("The channel was removed.");
    const target = await openTarget(this.#env.KEY_SECRET, channel);
    if (target === null)
      return over(
        "The channel's address cannot be read any more, as this installation's KEY_SECRET was changed. Make the channel anew.",
      );
    const [named] = await database
      .select({ name: project.name })
      .from(project)
      .where(eq(project.id, this.#project_id));
    const message: Message = { ...notice, project: { id: this.#project_id, name: named?.name ?? "" } };
    return this.#through(channel, target, message);
  }

  async #through(
    { kind }: Channel,
    { to, secret }: { to: string; secret: string },
    message: Message,
  ): Promise<Sent> {
    if (kind === "email") return this.#mail(to, message);
    // Looked at again: the installation may be a hosted one since, or have a model.
    const hosted = this.#env.BASE_URL?.startsWith("https:") ?? false;
    const address = readChannelAddress(to, hosted, this.#env);
    if (!address.ok) return over(address.failure.message);
    if (kind === "slack") return post(address.value, slackBody(message), {});
    const body = webhookBody(message);
    return post(address.value, body, signatureHeaders(message.id, body, secret, Date.now()));
  }

  async #mail(to: string, message: Message): Promise<Sent> {
    const { ALERT_EMAIL: binding, ALERT_EMAIL_FROM: from } = this.#env;
    if (binding === undefined || from === undefined)
      return over(
        "This installation cannot send e-mail: bind ALERT_EMAIL (send_email) and set ALERT_EMAIL_FROM.",
      );
    try {
      await binding.send({ from, to, ...emailText(message) });
    } catch (error) {
      console.error("an e-mail about an alert was not taken", error);
      return again(
        "Cloudflare did not take the e-mail. Its address has to be verified there (Email Routing).",
      );
    }
    return TAKEN;
  }
}

function reaches(severity: unknown, least: Severity): boolean {
  const known = SEVERITIES.find((name) => name === severity);
  // What nobody graded is not to be overlooked.
  return known === undefined || SEVERITIES.indexOf(known) >= SEVERITIES.indexOf(least);
}

async function post({ href, origin }: URL, body: string, headers: Record<string, string>): Promise<Sent> {
  // Not AbortSignal.timeout: nobody can end its timer, which would keep the room awake after a quick answer.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_TIMEOUT_MS);
  let reply: Response;
  try {
    reply = await fetch(href, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "clusterfork", ...headers },
      body,
      // Where else it points was never looked at.
      redirect: "manual",
      signal: late.signal,
    });
  } catch {
    // Refused, unknown, cut or too slow: the next step is the same.
    return again(`${origin} cannot be reached. Check the address, and that the receiver is running.`);
  } finally {
    clearTimeout(timer);
  }
  // Only its status is read: a stranger's words are not shown on our pages.
  await reply.body?.cancel();
  const kept = notSent(origin, reply);
  return kept === null ? judge(origin, reply.status) : again(kept);
}

function judge(origin: string, status: number): Sent {
  if (status >= 200 && status < 300) return TAKEN;
  if (status === 410) return over(`${origin} wants no more messages at this address (status 410).`);
  if (status >= 300 && status < 400)
    return again(
      `${origin} points elsewhere (status ${status}), which is not followed. Enter the new address.`,
    );
  if (status === 429 || status >= 500) return again(`${origin} is busy or failing (status ${status}).`);
  return again(`${origin} refuses the message (status ${status}). Check the address and the secret.`);
}
