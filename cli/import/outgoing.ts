/** What an importer hands on: events with ids made of their content, and what became of each record. */
import { createHash } from "node:crypto";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

/**
 * An id made of the event's content: the same record always gives the same id,
 * so importing twice adds nothing; a changed record is a new event, never a
 * conflict. `record` tells two records apart that map to the same body.
 */
export function contentId(prefix: string, body: Omit<OutgoingEvent, "id">, record = ""): string {
  const digest = createHash("sha256").update(canonical(body)).update(record).digest("hex").slice(0, 32);
  return `${prefix}-${digest}`;
}

/** JSON with sorted keys, so that the order of keys in a file makes no difference. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`);
    return `{${entries.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** What a source held and what became of it; printed at the end of an import. */
export class Tally {
  records = 0;
  mapped = 0;
  /** Reason → records. */
  readonly skipped = new Map<string, number>();
  /** Things worth knowing that lost nothing: reason → records. */
  readonly notes = new Map<string, number>();
  /** The first few places of each reason, for the person who looks. */
  readonly examples = new Map<string, string[]>();

  skip(reason: string, at: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
    this.#example(reason, at);
  }

  note(reason: string, at: string): void {
    this.notes.set(reason, (this.notes.get(reason) ?? 0) + 1);
    this.#example(reason, at);
  }

  #example(reason: string, at: string): void {
    const places = this.examples.get(reason) ?? [];
    if (places.length < 3) places.push(at);
    this.examples.set(reason, places);
  }
}
