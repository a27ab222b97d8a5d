/**
 * The taxonomy: the schema of every event type that Clusterfork understands, and
 * the sensitivity of each field, collected from one file per category. The names
 * alone are in `type.ts`.
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
import type { Category, KnownType, SenderType, TypeOf } from "./type.ts";

type TypesOfCategory = { [C in Category]: Record<TypeOf<C>, TypeDefinition> };
/** A type listed without a schema does not compile; one with a schema that is not listed fails its test. */
const TAXONOMY = {
  lifecycle,
  agent,
  feedback,
  resource,
  quality,
  escalation,
  learning,
  governance,
} satisfies TypesOfCategory;

type Definitions = (typeof TAXONOMY)["lifecycle"] &
  (typeof TAXONOMY)["agent"] &
  (typeof TAXONOMY)["feedback"] &
  (typeof TAXONOMY)["resource"] &
  (typeof TAXONOMY)["quality"] &
  (typeof TAXONOMY)["escalation"] &
  (typeof TAXONOMY)["learning"] &
  (typeof TAXONOMY)["governance"];

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
  metadataFields: ReadonlyMap<string, Field>;
  metricFields: ReadonlyMap<string, Field>;
  /** Names of the metadata fields that must be present. */
  required: readonly string[];
}

/** A Map, because names are hostile text: `constructor` is a legal event type. */
const DEFINITIONS: ReadonlyMap<string, KnownDefinition> = new Map(
  Object.values<Readonly<Record<string, TypeDefinition>>>(TAXONOMY)
    .flatMap((types) => Object.entries(types))
    .map(([event_type, definition]): [string, KnownDefinition] => [
      event_type,
      {
        ...definition,
        metadataFields: new Map(Object.entries(definition.metadata)),
        metricFields: new Map(Object.entries(definition.metrics)),
        required: Object.entries(definition.metadata)
          .filter(([, field]) => !(field.schema instanceof z.ZodOptional))
          .map(([key]) => key),
      },
    ]),
);

/** Every type that has a schema. A test holds it equal to the list of `type.ts`. */
export function definedTypes(): string[] {
  return [...DEFINITIONS.keys()];
}

/** The metadata fields that any type declares. */
export function metadataNames(): string[] {
  return [...DEFINITIONS.values()].flatMap(({ metadataFields }) => [...metadataFields.keys()]);
}

export function definitionOf(event_type: string): KnownDefinition | undefined {
  return DEFINITIONS.get(event_type);
}

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
