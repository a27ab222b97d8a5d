/** The channels of a project in D1. The whole of a target is sealed: addresses of webhooks are secrets themselves. */
import { and, eq } from "drizzle-orm";
import { alert_channel } from "../../schema/table/tables.ts";
import { SEVERITIES, type Severity } from "../../schema/state/entity/alert.ts";
import { CHANNEL_KINDS, type ChannelKind } from "../../schema/wire/channel.ts";
import type { Database } from "./database.ts";
import { newKeyId } from "./identifier.ts";
import { done, failed, type Outcome } from "./outcome.ts";
import { seal, unseal } from "./seal.ts";

/** Of one project: every alert goes through each of them. */
const MAX_CHANNELS = 10;

export interface Channel {
  id: string;
  kind: ChannelKind;
  name: string;
  shown: string;
  sealed: string;
  least: Severity;
  created_at: Date;
}

/** `secret`: base64, signs the bodies of a webhook; empty for other kinds. */
export interface Target {
  /** An address of the web, or of e-mail. */
  to: string;
  secret: string;
}

const placeOf = (id: string): string => `alert_channel ${id} target`;

export async function createChannel(
  database: Database,
  sealing_secret: string,
  project_id: string,
  given: Pick<Channel, "kind" | "name" | "shown" | "least"> & Target & { created_by: string },
  now: Date,
): Promise<Outcome<Channel>> {
  const existing = await database.$count(alert_channel, eq(alert_channel.project_id, project_id));
  if (existing >= MAX_CHANNELS)
    return failed("invalid", `A project has at most ${MAX_CHANNELS} channels. Remove one first.`);
  const { to, secret, created_by, ...rest } = given;
  const id = newKeyId();
  const target: Target = { to, secret };
  const sealed = await seal(sealing_secret, placeOf(id), JSON.stringify(target));
  const channel: Channel = { id, ...rest, sealed, created_at: now };
  await database.insert(alert_channel).values({ ...channel, project_id, created_by });
  return done(channel);
}

export async function listChannels(database: Database, project_id: string): Promise<Channel[]> {
  const rows = await database
    .select()
    .from(alert_channel)
    .where(eq(alert_channel.project_id, project_id))
    .orderBy(alert_channel.created_at, alert_channel.id);
  return rows.flatMap((row) => {
    // What another version wrote and this one does not know is not served by it.
    const kind = CHANNEL_KINDS.find((name) => name === row.kind);
    const least = SEVERITIES.find((name) => name === row.least);
    return kind === undefined || least === undefined ? [] : [{ ...row, kind, least }];
  });
}

/** Null when it cannot be read any more: the channel has to be made anew. */
export async function openTarget(
  sealing_secret: string,
  { id, sealed }: Pick<Channel, "id" | "sealed">,
): Promise<Target | null> {
  const text = await unseal(sealing_secret, placeOf(id), sealed);
  // Only createChannel writes it, and the seal is bound to the row.
  return text === null ? null : (JSON.parse(text) as Target);
}

/** False when there is no such channel. */
export async function deleteChannel(database: Database, project_id: string, id: string): Promise<boolean> {
  const gone = await database
    .delete(alert_channel)
    .where(and(eq(alert_channel.project_id, project_id), eq(alert_channel.id, id)))
    .returning({ id: alert_channel.id });
  return gone.length > 0;
}
