import { FAILED_TASKS } from "../../../../schema/metric/pip.ts";
import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";
import { labelOf } from "../days.ts";

/** An agent's work asks for a Performance Improvement Plan (schema/metric/pip.ts), and does so until the plan ends. */
export const failingAgent: Rule = {
  id: "pip_required",
  hold_ms: 0,
  clear_ms: MINUTE_MS,
  believable:
    "Three failed tasks in a row, or three days on end below a target that the project as a whole does not miss, by more than a tenth and with five things behind each day. By chance alone an agent that fails one task in ten fails three in a row once in a thousand.",
  *conditions({ plans }: Scene): Generator<Condition> {
    for (const [agent_id, { metric, value, target, samples, became_ms, evidence }] of plans) {
      yield {
        ...BARE,
        severity: "warning",
        title:
          metric === FAILED_TASKS
            ? `An agent failed ${String(value ?? "several")} tasks in a row`
            : `An agent missed a target three days in a row: ${labelOf(metric)}`,
        message:
          "Read the last of its tasks before it gets another: its instructions, its model or the tasks have to change.",
        ...{ metric, value, target, samples, agent_id, evidence },
        // When it became so many: before that nobody could say so.
        since_ms: became_ms,
      };
    }
  },
};
