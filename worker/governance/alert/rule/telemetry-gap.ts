import { duration } from "../../../../schema/event/describe/duration.ts";
import { inHand } from "../../../insight/anomaly/silence.ts";
import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";

/** A project that sends steadily fell silent while agents had work in hand: nobody knows how they are. */
export const telemetryGap: Rule = {
  id: "telemetry_gap",
  hold_ms: 0,
  clear_ms: MINUTE_MS,
  ages: true,
  believable:
    "Silent for twice the longest pause of the last two weeks, never under an hour, and only once three days without pauses or eight with them are known. Wrong on the first long holiday of a team whose agents do not say that they stop.",
  *conditions({ state, now_ms, steady }: Scene): Generator<Condition> {
    if (steady === null) return;
    let heard_ms = 0;
    let seq = 0;
    let in_hand = 0;
    for (const agent of state.agents.values()) {
      if (agent.last_seen > heard_ms) [heard_ms, seq] = [agent.last_seen, agent.last_seq];
      if (inHand(state, agent) !== null) in_hand += 1;
    }
    if (in_hand === 0) return;
    const work = in_hand === 1 ? "An agent has a task" : `${String(in_hand)} agents have a task`;
    yield {
      ...BARE,
      severity: "warning",
      title: "Nothing is heard although work is open",
      message: `Silent for ${duration(now_ms - heard_ms)}; ${work} in hand. Check that the senders run and reach this server: of the agents nothing is known since.`,
      metric: "silence_ms",
      value: now_ms - heard_ms,
      target: steady.limit_ms,
      samples: steady.hours,
      since_ms: heard_ms + steady.limit_ms,
      due_ms: heard_ms + steady.limit_ms,
      evidence: [seq],
    };
  },
};
