/** `/api/projects/:project/channels`: made, listed with what became of their messages, tried, removed. */
import { newChannelRequest } from "../../schema/wire/channel-body.ts";
import type {
  ChannelCreatedResponse,
  ChannelInfo,
  ChannelsResponse,
  ChannelTestedResponse,
  DeliveryInfo,
} from "../../schema/wire/channel.ts";
import type { Failure } from "../../schema/wire/error.ts";
import { MAX_TRIALS_PER_WINDOW } from "../account/attempts.ts";
import { readChannelAddress } from "../account/channel-address.ts";
import { createChannel, deleteChannel, listChannels, type Channel } from "../account/channels.ts";
import { openDatabase } from "../account/database.ts";
import { done, type Outcome } from "../account/outcome.ts";
import type { Delivery } from "../room/notices-call.ts";
import { readJson } from "./body.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { emailField, nameField } from "./field.ts";
import { refuseAttempt } from "./rate.ts";
import { ownOrigins } from "./security.ts";

/** What Standard Webhooks asks for: 24 to 64 bytes. */
const SECRET_BYTES = 32;
const SECRET_PREFIX = "whsec_";
/** Messages of one channel that a list shows. */
const MAX_SHOWN = 20;

const NO_CHANNEL: Failure = {
  code: "not_found",
  message: "There is no such channel. GET …/channels lists those of the project.",
};

export async function getChannels(c: HttpContext, { project_id, room }: ProjectAccess): Promise<Reply> {
  const channels = await listChannels(openDatabase(c.env.DB), project_id);
  const reply = await room.notices({ kind: "read" });
  const deliveries = reply.kind === "deliveries" ? reply.deliveries : [];
  const body: ChannelsResponse = {
    channels: channels.map((channel) => describe(channel, deliveries)),
    email: c.env.ALERT_EMAIL !== undefined && c.env.ALERT_EMAIL_FROM !== undefined,
  };
  return Response.json(body);
}

/** The room first: one that looks for channels where there are none does no harm, the other way round nobody is told. */
export async function postChannel(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const input = await readJson(c, newChannelRequest.extend({ name: nameField("The channel's name") }));
  if (!input.ok) return input.failure;
  const { kind, name, target, min_severity: least = "warning" } = input.value;
  const read = kind === "email" ? readMail(target) : readWeb(c, target);
  if (!read.ok) return read.failure;
  const { project_id, room, principal } = access;
  await room.notices({ kind: "open" });
  const secret = kind === "webhook" ? newSecret() : "";
  const created_by = principal.kind === "session" ? principal.user_id : "";
  const made = await createChannel(
    openDatabase(c.env.DB),
    c.env.KEY_SECRET,
    project_id,
    { kind, name, least, created_by, secret, ...read.value },
    new Date(),
  );
  if (!made.ok) return made.failure;
  const body: ChannelCreatedResponse = {
    channel: describe(made.value, []),
    secret: secret === "" ? null : SECRET_PREFIX + secret,
  };
  return Response.json(body, { status: 201 });
}

export async function removeChannel(c: HttpContext, { project_id }: ProjectAccess): Promise<Reply> {
  const found = await deleteChannel(openDatabase(c.env.DB), project_id, c.req.param("channel") ?? "");
  return found ? new Response(null, { status: 204 }) : NO_CHANNEL;
}

export async function postChannelTest(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const { project_id, room } = access;
  const refused = await refuseTrial(c, access);
  if (refused !== null) return refused;
  const id = c.req.param("channel") ?? "";
  const channels = await listChannels(openDatabase(c.env.DB), project_id);
  if (!channels.some((channel) => channel.id === id)) return NO_CHANNEL;
  const reply = await room.notices({ kind: "test", channel: id });
  const error = reply.kind === "tested" ? reply.error : null;
  return Response.json({ error } satisfies ChannelTestedResponse);
}

export async function postResend(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const refused = await refuseTrial(c, access);
  if (refused !== null) return refused;
  const reply = await access.room.notices({ kind: "resend", delivery: c.req.param("delivery") ?? "" });
  if (reply.kind === "resent" && reply.found) return new Response(null, { status: 204 });
  return {
    code: "not_found",
    message: "There is no such delivery. GET …/channels lists the newest of each channel.",
  };
}

async function refuseTrial(c: HttpContext, { principal }: ProjectAccess): Promise<Failure | null> {
  const person_id = principal.kind === "session" ? principal.user_id : undefined;
  return refuseAttempt(c, "trial", MAX_TRIALS_PER_WINDOW, person_id);
}

function newSecret(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(SECRET_BYTES))));
}

type Place = { to: string; shown: string };

function readWeb(c: HttpContext, text: string): Outcome<Place> {
  const address = readChannelAddress(text, ownOrigins(c).origin.startsWith("https:"), c.env);
  return address.ok ? done({ to: address.value.href, shown: address.value.origin }) : address;
}

function readMail(text: string): Outcome<Place> {
  const address = emailField.safeParse(text);
  if (address.success) return done({ to: address.data, shown: address.data });
  const message = address.error.issues[0]?.message ?? "This is not an e-mail address.";
  return { ok: false, failure: { code: "invalid", message, details: [{ field: "target", message }] } };
}

function describe(channel: Channel, deliveries: readonly Delivery[]): ChannelInfo {
  const { id, kind, name, shown, least, created_at } = channel;
  return {
    ...{ id, kind, name, target: shown, min_severity: least, created_at: created_at.toISOString() },
    deliveries: deliveries
      .filter((delivery) => delivery.channel === id)
      .slice(0, MAX_SHOWN)
      .map(told),
  };
}

function told({ id, seq, outcome, attempts, error, at_ms, next_ms }: Delivery): DeliveryInfo {
  const moment = (time_ms: number) => new Date(time_ms).toISOString();
  return {
    id,
    seq,
    outcome,
    attempts,
    error,
    at: moment(at_ms),
    next_at: next_ms === null ? null : moment(next_ms),
  };
}
