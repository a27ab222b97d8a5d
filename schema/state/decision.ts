/** `decision_recorded` appends to the decision log: what, why, rejected, by whom. The newest are kept. */
import type { StoredEvent } from "../event/event.ts";
import { cut, textIn } from "./field.ts";
import {
  MAX_ALTERNATIVE_CHARS,
  MAX_ALTERNATIVES,
  MAX_DECISIONS,
  MAX_RATIONALE_CHARS,
  MAX_TITLE_CHARS,
} from "./limits.ts";
import type { Fold } from "./subject.ts";

function alternativesIn(event: StoredEvent): string[] {
  const value = event.metadata?.alternatives;
  const alternatives: string[] = [];
  if (!Array.isArray(value)) return alternatives;
  for (const item of value) {
    if (alternatives.length === MAX_ALTERNATIVES) break;
    if (typeof item === "string") alternatives.push(cut(item, MAX_ALTERNATIVE_CHARS));
  }
  return alternatives;
}

export const foldDecision: Fold = (state, event, { time_ms }) => {
  state.decisions.push({
    seq: event.seq,
    time: time_ms,
    agent_id: event.agent_id,
    task_id: event.task_id ?? null,
    feature_id: event.feature_id ?? null,
    title: textIn(event, "title", MAX_TITLE_CHARS),
    rationale: textIn(event, "rationale", MAX_RATIONALE_CHARS),
    alternatives: alternativesIn(event),
  });
  if (state.decisions.length > MAX_DECISIONS) state.decisions.shift();
};
