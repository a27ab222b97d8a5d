/** Which tasks a reader asked to see: by status, agent, role, words, or those of the critical path. */
import type { Glyph } from "../ui/status.ts";
import type { NodeKey } from "./model.ts";

export interface FlowFilter {
  /** Empty: every status. */
  statuses: Glyph[];
  /** Words, all of which must occur in the id, the title or the agent's name. */
  text: string;
  agent: string | null;
  role: string | null;
  /** Only what lies on the critical path. */
  path: boolean;
}

/** What is asked of: a card, or a task of the list. */
export interface Filtered {
  key: NodeKey;
  id: string;
  title: string;
  glyph: Glyph;
  agent: string | null;
}

/** What an agent without a role is listed under. */
export const NO_ROLE = "no role";

/** Null: nothing is filtered away. */
export function matcher(
  filter: FlowFilter,
  roleOf: (agent: string) => string | null,
  on_path: ReadonlySet<NodeKey>,
): ((subject: Filtered) => boolean) | null {
  const { statuses, agent, role, path } = filter;
  const words = wordsOf(filter.text);
  if (statuses.length === 0 && !narrows(filter)) return null;
  return (subject) => {
    if (statuses.length > 0 && !statuses.includes(subject.glyph)) return false;
    if (agent !== null && subject.agent !== agent) return false;
    if (role !== null && (subject.agent === null || (roleOf(subject.agent) ?? NO_ROLE) !== role))
      return false;
    if (path && !on_path.has(subject.key)) return false;
    if (words.length === 0) return true;
    const said = folded(`${subject.id} ${subject.title} ${subject.agent ?? ""}`);
    return words.every((word) => said.includes(word));
  };
}

/** More than by status: few enough tasks remain to be drawn where all of them would be folded. */
export function narrows({ text, agent, role, path }: FlowFilter): boolean {
  return wordsOf(text).length > 0 || agent !== null || role !== null || path;
}

const wordsOf = (text: string) =>
  folded(text)
    .split(/\s+/u)
    .filter((word) => word !== "");

/** Titles may have 10,000 characters; what is searched of one is bounded. */
const MAX_SEARCHED_CHARS = 2_000;
const folded = (text: string) => text.slice(0, MAX_SEARCHED_CHARS).normalize("NFKC").toLowerCase();
