/**
 * One plain sentence for any event, for the dashboard and the command alike. A type that is not known, or whose sentence
 * has nothing to say, is shown by name and metadata: as text, never as markup (P2).
 */
import type { Json, StoredEvent } from "../event.ts";
import { OWN_SENTENCES } from "./governance.ts";
import type { Phrasing, Unseen } from "./phrasing.ts";
import { SENTENCES } from "./sentence.ts";

export interface Description {
  /** One short word: task, claim, status, lock, … */
  kind: string;
  text: string;
}

/** Entries of metadata named in the sentence of an unknown type. */
const SHOWN_ENTRIES = 3;
const SHOWN_CHARS = 60;

/** A Map, because names are hostile text: `constructor` is a legal event type. */
const PHRASINGS: ReadonlyMap<string, Phrasing> = new Map(Object.entries({ ...SENTENCES, ...OWN_SENTENCES }));

const ALL_SEEN: Unseen = { cost: false };

export function describeEvent(event: StoredEvent, unseen: Unseen = ALL_SEEN): Description {
  const phrasing = PHRASINGS.get(event.event_type);
  if (phrasing === undefined) return { kind: "event", text: unknown(event) };
  const [kind, say] = phrasing;
  return { kind, text: say(event, unseen) };
}

function unknown(event: StoredEvent): string {
  const entries = Object.entries({ ...event.metadata, ...event.metrics });
  const shown = entries.slice(0, SHOWN_ENTRIES).map(([name, value]) => `${name} ${short(value)}`);
  if (entries.length > SHOWN_ENTRIES) shown.push("…");
  return shown.length === 0 ? event.event_type : `${event.event_type}: ${shown.join(", ")}`;
}

function short(value: Json): string {
  const named = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
  const text = typeof value === "string" ? value : named ? value.join(" ") : JSON.stringify(value);
  const line = text.replace(/\s+/g, " ");
  return line.length > SHOWN_CHARS ? `${line.slice(0, SHOWN_CHARS - 1)}…` : line;
}
