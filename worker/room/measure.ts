/**
 * The metrics as the room knows them: from the live state and the tally beside it. A share link is shown them
 * through its lens, and asks for an agent by the name that it is shown.
 */
import { measure, type Ask, type Known, type Measures } from "../../schema/metric/measure.ts";
import { knownOf } from "../../schema/metric/source.ts";
import type { Lens } from "../share/lens.ts";
import type { MetricsAsk, MetricsReply, Principal, Refusal } from "./contract.ts";
import type { Live } from "./memory.ts";
import type { Shared } from "./shared.ts";

interface Rooms {
  live: Pick<Live, "get">;
  shared: Pick<Shared, "lens">;
}

const NOTHING_MEASURED: Measures = {
  window: { from: null, to: null, previous: null },
  rows: [],
  omitted_groups: 0,
  truncated_until: null,
};

export function readMetrics(
  { live, shared }: Rooms,
  principal: Principal,
  { only_learned = false, ...ask }: MetricsAsk,
): MetricsReply | Refusal {
  const { state, tally, seq } = live.get();
  // What work may take is a figure of its own, and no link asks for the archive's.
  if (only_learned && principal.kind === "share") return { ok: false, reason: "not_shared" };
  if (only_learned) return { ok: true, seq, ...NOTHING_MEASURED, learned: [...state.targets.values()] };
  const known = knownOf(state, tally);
  if (principal.kind !== "share") return { ok: true, seq, ...measure(known, ask) };
  const lens = shared.lens(principal.share_id);
  if (lens === null) return { ok: false, reason: "unknown_share" };
  return { ok: true, seq, ...measureShared(known, state.agents.keys(), ask, lens) };
}

function measureShared(known: Known, agents: Iterable<string>, ask: Ask, lens: Lens): Measures {
  const { agent, ...rest } = ask.filter ?? {};
  let measures: Measures;
  if (agent === undefined) measures = measure(known, ask);
  else {
    const name = lens.nameOf(agent, agents);
    // Nobody whom the link shows is called so, whoever else is.
    measures =
      name === null
        ? measure({ ...known, slots: [], tasks: [], features: [] }, ask)
        : measure(known, { ...ask, filter: { ...rest, agent: name } });
  }
  return { ...measures, rows: lens.rows(measures.rows, ask.by) };
}
