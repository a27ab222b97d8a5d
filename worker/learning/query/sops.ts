/** The ways of working that hold for a task: those adopted for its role and kind before those that are for everybody. */
import { concerns } from "../../../schema/state/sop.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Sop } from "../../../schema/state/entity/sop.ts";
import type { ContextSop } from "../../../schema/wire/task-context.ts";
import { flagsOf } from "../guard/flag.ts";

/** Of them: what an agent keeps to is little. */
const MAX_SOPS = 3;

export function sopsFor(
  { sops }: Pick<ProjectState, "sops">,
  { role, kind }: { role: string | null; kind: string | null },
): ContextSop[] {
  const nearness = ({ roles, kinds }: Sop): number => Number(roles.length > 0) + Number(kinds.length > 0);
  return (
    [...sops.values()]
      .filter((sop) => sop.text !== null && sop.text.trim() !== "" && concerns(sop, role, kind))
      // As of a decision: what looks like an instruction to an agent's rules is left out.
      .filter(({ title, text }) => flagsOf(`${title ?? ""}\n${text ?? ""}`).length === 0)
      .sort((a, b) => nearness(b) - nearness(a) || b.seq - a.seq)
      .slice(0, MAX_SOPS)
      .map(({ id, version, title, text, seq, adopted_at }) => ({
        ...{ id, version, title, text: text ?? "", seq, at: new Date(adopted_at).toISOString() },
      }))
  );
}
