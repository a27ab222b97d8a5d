/** Names of agents and people in trackers, as agent ids with roles. */
import { text } from "./json-field.ts";

/** Longest id that is taken over, characters: what the event's own id may hold too. */
export const MAX_ACTOR_CHARS = 128;

/** Ids of Clusterfork's own agents are not for senders. */
const RESERVED = /^\s*clusterfork:/i;

/** Names become agent ids; `deacon/` and `deacon` are one agent. Null where nobody is named. */
export function agentName(value: unknown, tracker: string): string | null {
  const name = text(value)
    ?.replace(/\p{Cc}+/gu, " ")
    .replace(/(?<=.)\/+$/, "");
  if (name === undefined) return null;
  return (RESERVED.test(name) ? `${tracker}/${name}` : name).slice(0, MAX_ACTOR_CHARS).toWellFormed();
}

/** Agents of a whole town: there is one of each, and the name is the role. */
const TOWN_ROLES = new Set(["mayor", "deacon", "daemon", "dog", "boot", "overseer"]);

/** Role by the path of a Gas Town style name: `beads/polecats/quartz` is a polecat, `mayor` the mayor. */
export function roleOf(agent: string): string | null {
  const parts = agent.split("/");
  if (TOWN_ROLES.has(parts[0] ?? "")) return parts[0] ?? null;
  // `rig/polecats/nux` is one of many, so its group is a plural; `rig/witness` is the only one.
  const role = parts.length >= 3 ? parts.at(-2)?.replace(/s$/, "") : parts[1];
  return role === undefined || role === "" ? null : role.slice(0, 64);
}
