/**
 * A log with a canary in every field of every event type, made from the taxonomy itself: a new field has its
 * canary from the moment it is declared. `canariesIn` finds them in any text.
 */
import { packEvents } from "../../schema/event/batch.ts";
import type { Json, NewEvent } from "../../schema/event/event.ts";
import type { Field, Sensitivity } from "../../schema/event/field.ts";
import { definitionOf } from "../../schema/event/taxonomy.ts";
import { KNOWN_TYPES } from "../../schema/event/type.ts";
import { event } from "./prepared.ts";

export interface CanaryLog {
  batch: ReturnType<typeof packEvents>;
  events: number;
  /** Every canary with the sensitivity of its field. */
  canaries: Map<string, Sensitivity>;
  /** The canary of a field, by `type.field`. */
  of: Map<string, string>;
}

export function canariesIn(text: string): Set<string> {
  return new Set(text.match(/CANARY\d{4}|\b7777\d{4}\b/g));
}

export function canaryLog(): CanaryLog {
  const canaries = new Map<string, Sensitivity>();
  const of = new Map<string, string>();
  const word = (sensitivity: Sensitivity): string => {
    const canary = `CANARY${String(canaries.size).padStart(4, "0")}`;
    canaries.set(canary, sensitivity);
    return canary;
  };
  const number = (sensitivity: Sensitivity): number => {
    const canary = 77_770_000 + canaries.size;
    canaries.set(String(canary), sensitivity);
    return canary;
  };
  /** A text where the schema takes one, else a list of them; undefined for what can hold no word of the sender's. */
  const valueOf = ({ schema, sensitivity }: Field): Json | undefined => {
    for (const wrap of [(canary: string): Json => canary, (canary: string): Json => [canary]]) {
      if (schema.safeParse(wrap("CANARY0000")).success) return wrap(word(sensitivity));
    }
    return undefined;
  };
  const events = [...KNOWN_TYPES, "deploy.started"].map((event_type): Partial<NewEvent> => {
    const definition = definitionOf(event_type);
    const metadata: Record<string, Json> = {
      undeclared: word("text"),
      nested: { deep: [word("text")] },
      password: word("secret"),
    };
    for (const [key, field] of Object.entries(definition?.metadata ?? {})) {
      const value = valueOf(field);
      if (value === undefined) continue;
      metadata[key] = value;
      of.set(`${event_type}.${key}`, [...canariesIn(JSON.stringify(value))].join(""));
    }
    const metrics: Record<string, number> = { undeclared: number("cost") };
    for (const [key, field] of Object.entries(definition?.metrics ?? {}))
      if (field.sensitivity === "cost") {
        metrics[key] = number("cost");
        of.set(`${event_type}.${key}`, String(metrics[key]));
      }
    return {
      event_type,
      agent_id: word("name"),
      agent_role: word("structure"),
      task_id: word("structure"),
      feature_id: word("structure"),
      session_id: word("structure"),
      key_id: word("name"),
      metadata,
      metrics,
    };
  });
  const prepared = events.map((fields) => event(`id-${word("structure")}`, fields));
  return { batch: packEvents(prepared), events: prepared.length, canaries, of };
}
