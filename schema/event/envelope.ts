/**
 * The fields of the envelope: which there are, how long they may be, and what a
 * shared view does with them. Their order is the order in which they are stored.
 */
import type { Sensitivity } from "./field.ts";
import { MAX_ID_CHARS, MAX_REF_CHARS, MAX_ROLE_CHARS } from "./limits.ts";

/** Optional short texts of the envelope, with their longest length in UTF-16 units. */
export const OPTIONAL_REFS = {
  agent_role: MAX_ROLE_CHARS,
  task_id: MAX_REF_CHARS,
  feature_id: MAX_REF_CHARS,
  session_id: MAX_REF_CHARS,
} as const;
export type OptionalRef = keyof typeof OPTIONAL_REFS;

/** Fields that identify something: a secret in one is replaced by a pseudonym, so that distinct stays distinct. */
export const ID_FIELDS = ["id", "agent_id", "task_id", "feature_id", "session_id"] as const;
export type IdField = (typeof ID_FIELDS)[number];
export const ID_MAX_CHARS: Readonly<Record<IdField, number>> = {
  id: MAX_ID_CHARS,
  agent_id: MAX_REF_CHARS,
  task_id: MAX_REF_CHARS,
  feature_id: MAX_REF_CHARS,
  session_id: MAX_REF_CHARS,
};

/** What a sender may send. Anything else at the top level is refused with a hint. */
export const SENDER_FIELDS = [
  "id",
  "timestamp",
  "event_type",
  "agent_id",
  "agent_role",
  "task_id",
  "feature_id",
  "session_id",
  "metadata",
  "metrics",
] as const;
export type SenderField = (typeof SENDER_FIELDS)[number];

/** What Clusterfork adds. */
export const SERVICE_FIELDS = ["seq", "received_at", "source", "key_id", "v"] as const;
export type ServiceField = (typeof SERVICE_FIELDS)[number];

/** `metadata` and `metrics` are absent here: each of their fields has a sensitivity of its own. */
export const ENVELOPE_SENSITIVITY: Readonly<
  Record<Exclude<SenderField, "metadata" | "metrics"> | ServiceField, Sensitivity>
> = {
  id: "structure",
  timestamp: "structure",
  event_type: "structure",
  agent_id: "name",
  agent_role: "structure",
  task_id: "structure",
  feature_id: "structure",
  session_id: "structure",
  seq: "structure",
  received_at: "structure",
  source: "structure",
  // A key often belongs to one person.
  key_id: "name",
  v: "structure",
};
