/** Files that several agents want: refusals of the same path, and waiting that does not end. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { ProjectState } from "../../../schema/state/state.ts";

/** Refusals of one path within the hour that are a pattern and no accident. */
export const REFUSALS = 3;
const HOUR_MS = 60 * 60_000;
/** Waiting that a person would want to know of. */
export const WAITING_MS = 15 * 60_000;
/** Paths remembered; the one longest without a refusal is forgotten. */
const MAX_PATHS = 1_000;
/** Refusals of a path remembered. */
const MAX_REFUSALS = 20;

export interface Contention {
  path: string;
  refusals: number;
  agents: number;
  waited_ms: number;
  since: number;
  evidence: number[];
}

interface Refusal {
  time_ms: number;
  agent_id: string;
  seq: number;
}

export class Contentions {
  readonly #paths = new Map<string, Refusal[]>();

  note(event: StoredEvent, time_ms: number): void {
    const path = event.metadata?.["path"];
    if (event.event_type !== "lock_conflict" || typeof path !== "string") return;
    const refusals = this.#paths.get(path) ?? [];
    refusals.push({ time_ms, agent_id: event.agent_id, seq: event.seq });
    if (refusals.length > MAX_REFUSALS) refusals.shift();
    this.#paths.delete(path);
    this.#paths.set(path, refusals);
    if (this.#paths.size > MAX_PATHS) {
      const [oldest] = this.#paths.keys();
      if (oldest !== undefined) this.#paths.delete(oldest);
    }
  }

  contended(state: ProjectState, now_ms: number): Contention[] {
    const waiting = new Map<string, { since: number; seq: number }>();
    for (const { path, since, seq } of state.conflicts.values()) {
      const known = waiting.get(path);
      if (known === undefined || since < known.since) waiting.set(path, { since, seq });
    }
    const found: Contention[] = [];
    for (const path of new Set([...this.#paths.keys(), ...waiting.keys()])) {
      const refusals = (this.#paths.get(path) ?? []).filter(({ time_ms }) => now_ms - time_ms <= HOUR_MS);
      const wait = waiting.get(path);
      const waited_ms = wait === undefined ? 0 : Math.max(0, now_ms - wait.since);
      if (refusals.length < REFUSALS && waited_ms <= WAITING_MS) continue;
      found.push({
        path,
        refusals: refusals.length,
        agents: new Set(refusals.map(({ agent_id }) => agent_id)).size,
        waited_ms,
        since: Math.min(wait?.since ?? Infinity, refusals[0]?.time_ms ?? Infinity),
        evidence:
          refusals.length > 0
            ? refusals.slice(-REFUSALS).map(({ seq }) => seq)
            : wait === undefined
              ? []
              : [wait.seq],
      });
    }
    return found;
  }
}
