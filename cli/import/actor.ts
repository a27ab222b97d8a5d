/** Names of agents and people in trackers, as agent ids with roles. */
import { readsAsClusterfork } from "../../schema/event/reserved-name.ts";
import { text } from "./json-field.ts";

/** Longest id that is taken over, characters: what the event's own id may hold too. */
export const MAX_ACTOR_CHARS = 128;

/** The tracker whose ledger names one agent in two ways: by its mailbox `deacon/`, and as `deacon`. */
const WITH_MAILBOXES = "gastown";

/** Names become agent ids, as recorded, but for those that read as Clusterfork's own; in Gas Town's ledger `deacon/` is `deacon`. Null where nobody is named. */
export function agentName(value: unknown, tracker: string): string | null {
  const recorded = text(value)?.replace(/\p{Cc}+/gu, " ");
  if (recorded === undefined) return null;
  const name = tracker === WITH_MAILBOXES ? recorded.replace(/(?<=.)\/+$/, "") : recorded;
  return (readsAsClusterfork(name) ? `${tracker}/${name}` : name).slice(0, MAX_ACTOR_CHARS).toWellFormed();
}

/** Agents of which a town, or a rig, has only one: the name is the role. */
const LONE_ROLES = new Set(["mayor", "deacon", "daemon", "dog", "boot", "overseer", "witness", "refinery"]);
/** Longest role the envelope takes, characters. */
const MAX_ROLE_CHARS = 64;

/** Role by the path of a Gas Town style name: `beads/polecats/quartz` is a polecat, `beads/witness` a witness. */
export function roleOf(agent: string): string | null {
  const parts = agent.replace(/\/+$/, "").split("/");
  const last = parts.at(-1) ?? "";
  if (LONE_ROLES.has(last) && parts.length <= 2) return last;
  // One of many: the group above the name is a plural.
  const group = parts.length >= 3 ? (parts.at(-2) ?? "") : "";
  return group === "" ? null : group.replace(/s$/, "").slice(0, MAX_ROLE_CHARS);
}
