/** The state at a moment of the past: from the nearest checkpoint, folded forward here and not in the room. */
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { decodeState, stateText } from "../../schema/state/encode.ts";
import type { ProjectState, WireState } from "../../schema/state/state.ts";
import type { Past, Refusal } from "../room/contract.ts";
import type { Lens } from "../share/lens.ts";
import type { ProjectAccess } from "./context.ts";
import { MAX_PAGE_EVENTS } from "./query.ts";

export interface PastState {
  ok: true;
  time: number;
  /** JSON of a WireState. */
  state: string;
}

/**
 * Reads at most the events between two checkpoints: 20,000, or 2 · seq / 256
 * in a log of more than 2.5 million, page by page.
 */
export async function foldPast(access: ProjectAccess, past: Past): Promise<PastState | Refusal> {
  const { seq, checkpoint } = past;
  const whole = checkpoint === null ? null : await inflate(checkpoint.gzip);
  const text = whole === null || access.lens === undefined ? whole : seenThrough(access.lens, whole);
  // The room wrote this text from a WireState.
  const wire = text === null ? null : (JSON.parse(text) as WireState);
  if (text !== null && wire !== null && checkpoint?.seq === seq)
    return { ok: true, time: wire.time, state: text };
  const state: ProjectState = wire === null ? createState() : decodeState(wire);
  for (let since: number | null = checkpoint?.seq ?? 0; since !== null && since < seq;) {
    const limit = Math.min(seq - since, MAX_PAGE_EVENTS);
    const page = await access.room.readLog(access.principal, { since, limit });
    if (!page.ok) return page;
    for (const line of page.events) {
      const event = JSON.parse(line) as StoredEvent;
      // Destroyed events are missing from a page, so it may reach further.
      if (event.seq <= seq) apply(state, event);
    }
    since = page.next;
  }
  return { ok: true, time: state.time, state: stateText(state) };
}

/** A state's text as a link sees it. The events after it come from the room as the link sees them too, and fold as well (S2). */
export function seenThrough(lens: Lens, text: string): string {
  return JSON.stringify(lens.wire(JSON.parse(text) as WireState));
}

function inflate(gzip: Uint8Array): Promise<string> {
  return new Response(new Blob([gzip]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
