/** `/api/projects/:project/channels`: where alerts are told, and how that goes. */
import type { Severity } from "../state/entity/alert.ts";

export const CHANNEL_KINDS = ["webhook", "slack", "email"] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/** `dead`: it was tried as often as it is; it can be sent again. */
export const DELIVERY_OUTCOMES = ["waiting", "delivered", "dead"] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];

/** One event of one alert on its way through one channel. */
export interface DeliveryInfo {
  /** Travels with it: who gets it twice knows it by that. */
  id: string;
  /** Of the event in the log. */
  seq: number;
  outcome: DeliveryOutcome;
  attempts: number;
  /** What went wrong at the last try, and what to do; null when nothing did. */
  error: string | null;
  /** RFC 3339: of the last change. */
  at: string;
  /** RFC 3339; null: it is not tried again by itself. */
  next_at: string | null;
}

export interface ChannelInfo {
  id: string;
  kind: ChannelKind;
  name: string;
  /** Origin or e-mail address: what may be shown of the target. */
  target: string;
  /** The least severity that is told. */
  min_severity: Severity;
  created_at: string;
  /** Newest first. */
  deliveries: DeliveryInfo[];
}

export interface NewChannel {
  kind: ChannelKind;
  name: string;
  /** The address of a webhook, or of e-mail. */
  target: string;
  /** `warning` when absent. */
  min_severity?: Severity | undefined;
}

export interface ChannelsResponse {
  channels: ChannelInfo[];
  /** Whether this installation can send e-mail. */
  email: boolean;
}

export interface ChannelCreatedResponse {
  channel: ChannelInfo;
  /** Of a webhook: what its bodies are signed with, shown this once. */
  secret: string | null;
}

export interface ChannelTestedResponse {
  /** Null: it was taken. Else what is wrong and what to do. */
  error: string | null;
}
