/**
 * `sop_adopted`: how the team works from now on. Known by its `sop_id`, else by the seq of its event; the newest
 * adoption is what holds, whatever its version is called, so going back to an older one is adopting it again.
 * Adopted without words, it says nothing any more.
 */
import { idIn, idsIn, labelIn, textIn } from "./field.ts";
import { forgetOldest } from "./forget.ts";
import { MAX_SOP_CHARS, MAX_SOP_SCOPES, MAX_SOPS, MAX_TITLE_CHARS } from "./limits.ts";
import type { Sop } from "./entity/sop.ts";
import type { Fold } from "./subject.ts";

export const foldSopAdopted: Fold = (state, event, { time_ms }) => {
  // An empty one names nothing.
  const id = idIn(event, "sop_id") || `sop-${event.seq}`;
  state.sops.set(id, {
    id,
    version: labelIn(event, "version"),
    title: textIn(event, "title", MAX_TITLE_CHARS),
    text: textIn(event, "proposal", MAX_SOP_CHARS),
    roles: idsIn(event, "roles", MAX_SOP_SCOPES) ?? [],
    kinds: idsIn(event, "kinds", MAX_SOP_SCOPES) ?? [],
    agent_id: event.agent_id,
    adopted_at: time_ms,
    seq: event.seq,
  });
  forgetOldest(state.sops, MAX_SOPS);
};

/** Whether it is for work of this kind by this role; null: nobody knows, so only what is for all holds. */
export function concerns(sop: Sop, role: string | null, kind: string | null): boolean {
  const names = (scopes: readonly string[], one: string | null) =>
    scopes.length === 0 || (one !== null && scopes.includes(one));
  return names(sop.roles, role) && names(sop.kinds, kind);
}
