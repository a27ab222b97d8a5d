/** The project's decisions that a task may touch: its own feature's first, then those in like words, the newest of them. */
import type { Decision } from "../../../schema/state/entity/decision.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { ContextDecision } from "../../../schema/wire/task-context.ts";
import { flagsOf } from "../guard/flag.ts";
import { overlap, wordSet } from "../retrieve/words.ts";

/** Of them: more is a history, and nobody reads it before his work. */
const MAX_DECISIONS = 3;
/** Share of words (Jaccard) from which on a decision of elsewhere is about the same thing. */
const LIKE = 0.12;

export function decisionsFor(
  { decisions }: Pick<ProjectState, "decisions">,
  about: { text: string; task_id: string | null; feature_id: string | null },
): ContextDecision[] {
  const words = wordSet(about.text);
  const nearness = (decision: Decision): number => {
    if (about.task_id !== null && decision.task_id === about.task_id) return 2;
    if (about.feature_id !== null && decision.feature_id === about.feature_id) return 1;
    const shared = overlap(words, wordSet(`${decision.title ?? ""} ${decision.rationale ?? ""}`));
    return shared >= LIKE ? shared : 0;
  };
  return (
    decisions
      .map((decision) => ({ decision, near: nearness(decision) }))
      .filter(({ near }) => near > 0)
      // As a lesson would be: nobody approves decisions, so what looks like an instruction is left out.
      .filter(
        ({ decision: { title, rationale } }) => flagsOf(`${title ?? ""}\n${rationale ?? ""}`).length === 0,
      )
      .sort((a, b) => b.near - a.near || b.decision.seq - a.decision.seq)
      .slice(0, MAX_DECISIONS)
      .map(({ decision: { seq, time, agent_id, task_id, feature_id, title, rationale } }) => ({
        ...{ seq, at: new Date(time).toISOString(), agent_id, task_id, feature_id, title, rationale },
      }))
  );
}
