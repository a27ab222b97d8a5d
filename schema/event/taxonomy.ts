/**
 * The taxonomy: every event type that Clusterfork understands, collected from
 * one file per category, with its schema and the sensitivity of each field.
 * Any other well-formed name is stored, counted and shown, but not folded.
 */
import * as z from "zod";
import type { Field, Fields, Sensitivity, TypeDefinition } from "./field.ts";
import { isSecretField } from "./secret-field.ts";
import { agent } from "./taxonomy/agent.ts";
import { escalation } from "./taxonomy/escalation.ts";
import { feedback } from "./taxonomy/feedback.ts";
import { governance } from "./taxonomy/governance.ts";
import { learning } from "./taxonomy/learning.ts";
import { lifecycle } from "./taxonomy/lifecycle.ts";
import { quality } from "./taxonomy/quality.ts";
import { resource } from "./taxonomy/resource.ts";

export const TAXONOMY = {
  lifecycle,
  agent,
  feedback,
  resource,
  quality,
  escalation,
  learning,
  governance,
} as const;
export type Category = keyof typeof TAXONOMY;

type Definitions = (typeof TAXONOMY)["lifecycle"] &
  (typeof TAXONOMY)["agent"] &
  (typeof TAXONOMY)["feedback"] &
  (typeof TAXONOMY)["resource"] &
  (typeof TAXONOMY)["quality"] &
  (typeof TAXONOMY)["escalation"] &
  (typeof TAXONOMY)["learning"] &
  (typeof TAXONOMY)["governance"];
export type KnownType = keyof Definitions;
/** The types that a sender's key may send (T5). */
export type SenderType = Exclude<KnownType, keyof typeof governance>;

type Values<F extends Fields> = z.infer<
  z.ZodObject<{ -readonly [K in keyof F]: F[K] extends Field<infer S> ? S : never }>
>;
/** Metadata of a known type; further keys are allowed. */
export type MetadataOf<T extends KnownType> =
  Definitions[T] extends TypeDefinition<infer M> ? Values<M> : never;
/** Metrics of a known type; further finite numbers are allowed. */
export type MetricsOf<T extends KnownType> =
  Definitions[T] extends TypeDefinition<Fields, infer N> ? Values<N> : never;

interface KnownDefinition extends TypeDefinition {
  category: Category;
  metadataFields: ReadonlyMap<string, Field>;
  metricFields: ReadonlyMap<string, Field>;
  /** Names of the metadata fields that must be present. */
  required: readonly string[];
}

/** Maps, because names are hostile text: `constructor` is a legal event type. */
const DEFINITIONS: ReadonlyMap<string, KnownDefinition> = new Map(
  categories().flatMap(([category, types]) =>
    Object.entries(types).map(([event_type, definition]): [string, KnownDefinition] => [
      event_type,
      {
        ...definition,
        category,
        metadataFields: new Map(Object.entries(definition.metadata)),
        metricFields: new Map(Object.entries(definition.metrics)),
        required: Object.entries(definition.metadata)
          .filter(([, field]) => !(field.schema instanceof z.ZodOptional))
          .map(([key]) => key),
      },
    ]),
  ),
);

function categories(): [Category, Readonly<Record<string, TypeDefinition>>][] {
  return [
    ["lifecycle", lifecycle],
    ["agent", agent],
    ["feedback", feedback],
    ["resource", resource],
    ["quality", quality],
    ["escalation", escalation],
    ["learning", learning],
    ["governance", governance],
  ];
}

/** Every known type, by category, in the order of the documentation. */
export const KNOWN_TYPES: readonly string[] = [...DEFINITIONS.keys()];

export function definitionOf(event_type: string): KnownDefinition | undefined {
  return DEFINITIONS.get(event_type);
}

export function isKnownType(event_type: string): event_type is KnownType {
  return DEFINITIONS.has(event_type);
}

export function categoryOf(event_type: string): Category | undefined {
  return DEFINITIONS.get(event_type)?.category;
}

/** Governance, and what is named after Clusterfork, is its own: no sender's key may send it (T5). */
export function isReservedType(event_type: string): boolean {
  return DEFINITIONS.get(event_type)?.category === "governance" || /^clusterfork(?:\.|$)/.test(event_type);
}

/** What Clusterfork's own agents, and the ids of its own events, begin with (T5). */
export const CLUSTERFORK_PREFIX = "clusterfork:";

/** Unknown metadata is text: it may say anything. */
export function metadataSensitivity(event_type: string, key: string): Sensitivity {
  const declared = DEFINITIONS.get(event_type)?.metadataFields.get(key);
  return declared?.sensitivity ?? (isSecretField(key) ? "secret" : "text");
}

/** Unknown metrics are costs: a number that nobody declared may be money. */
export function metricSensitivity(event_type: string, key: string): Sensitivity {
  return DEFINITIONS.get(event_type)?.metricFields.get(key)?.sensitivity ?? "cost";
}

/** The zod schema of a known type's metadata, for documents and contract tests; the hot path checks field by field. */
export function metadataSchema(event_type: KnownType): z.ZodType {
  return z.looseObject(schemasOf(DEFINITIONS.get(event_type)?.metadata ?? {}));
}
/** The zod schema of a known type's metrics. */
export function metricsSchema(event_type: KnownType): z.ZodType {
  return z.object(schemasOf(DEFINITIONS.get(event_type)?.metrics ?? {})).catchall(z.number());
}
function schemasOf(fields: Fields): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, field.schema]));
}

/** The envelope as a sender writes it. */
interface SenderEnvelope {
  /** Idempotency key, 1–128 characters. Without it a resend is a second event. */
  id?: string;
  /** RFC 3339 with an offset, or integer milliseconds since the epoch. */
  timestamp: string | number;
  agent_id: string;
  agent_role?: string | null;
  task_id?: string | null;
  feature_id?: string | null;
  session_id?: string | null;
}
type Parts<M, N> = (object extends M
  ? { metadata?: M & Record<string, unknown> }
  : { metadata: M & Record<string, unknown> }) & {
  metrics?: N & Record<string, number | undefined>;
};
/** An event of a known type, as the SDK's `send` takes it. */
export type KnownSenderEvent = {
  [T in SenderType]: SenderEnvelope & { event_type: T } & Parts<MetadataOf<T>, MetricsOf<T>>;
}[SenderType];
/** An event of a type of one's own: `deploy.started`, `node_executed`. */
export type CustomSenderEvent = SenderEnvelope & {
  event_type: string;
  metadata?: Record<string, unknown>;
  metrics?: Record<string, number | undefined>;
};
