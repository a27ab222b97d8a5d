/** The bodies of channel.ts as zod schemas. */
import * as z from "zod";
import { SEVERITIES } from "../state/entity/alert.ts";
import {
  CHANNEL_KINDS,
  DELIVERY_OUTCOMES,
  type ChannelCreatedResponse,
  type ChannelInfo,
  type ChannelsResponse,
  type ChannelTestedResponse,
  type DeliveryInfo,
} from "./channel.ts";

const text = z.string();
const deliveryInfo = z.object({
  id: text,
  seq: z.int(),
  outcome: z.enum(DELIVERY_OUTCOMES),
  attempts: z.int(),
  error: text.nullable(),
  at: text,
  next_at: text.nullable(),
}) satisfies z.ZodType<DeliveryInfo>;

const channelInfo = z.object({
  id: text,
  kind: z.enum(CHANNEL_KINDS),
  name: text,
  target: text,
  min_severity: z.enum(SEVERITIES),
  created_at: text,
  deliveries: z.array(deliveryInfo),
}) satisfies z.ZodType<ChannelInfo>;

export const channelsResponse = z.object({
  channels: z.array(channelInfo),
  email: z.boolean(),
}) satisfies z.ZodType<ChannelsResponse>;
export const channelCreatedResponse = z.object({
  channel: channelInfo,
  secret: text.nullable().describe("Signs the bodies of a webhook (Standard Webhooks), shown this once."),
}) satisfies z.ZodType<ChannelCreatedResponse>;
export const channelTestedResponse = z.object({
  error: text.nullable(),
}) satisfies z.ZodType<ChannelTestedResponse>;

/** Longer than any address that is meant: RFC 5321 has 254, and Slack's are about 90. */
const MAX_TARGET_CHARACTERS = 512;

/** `name` is looked at by the route, as other names are. */
export const newChannelRequest = z.strictObject({
  kind: z.enum(CHANNEL_KINDS, { error: `A channel is one of ${CHANNEL_KINDS.join(", ")}.` }),
  name: text,
  target: z
    .string({ error: "Say where to: the https address of a webhook, or an e-mail address." })
    .max(MAX_TARGET_CHARACTERS, `An address has at most ${MAX_TARGET_CHARACTERS} characters.`),
  min_severity: z
    .enum(SEVERITIES, { error: `The least severity is one of ${SEVERITIES.join(", ")}.` })
    .optional(),
});
