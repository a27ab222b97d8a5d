/** Where the agents could not go on alone. */
import { count, eventType, label, name, prose, structure, text } from "../field.ts";

const request = {
  reason: text(prose),
  question: text(prose),
  to: name(label),
  severity: structure(label),
  /** What waits: `approval`, `decision`, `access`, … */
  kind: structure(label),
  url: text(prose),
};

export const escalation = {
  escalated_to_user: eventType("A person is asked to look.", request),
  escalated_to_board: eventType("The Board is asked to decide.", request),
  retry_budget_exhausted: eventType(
    "No attempts are left.",
    { reason: text(prose) },
    { attempts: structure(count), budget: structure(count) },
  ),
  human_intervened: eventType("A person stepped in.", {
    action: structure(label),
    by: name(label),
    comment: text(prose),
    reason: text(prose),
    tool: structure(label),
  }),
};
