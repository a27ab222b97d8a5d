/** Red: a link that hides money, names or titles hides the sentence of an own escalation in events, and shows it in the state. */
import { expect, it } from "vitest";
import type { StoredEvent } from "../event/event.ts";
import { redactEvent } from "../event/view.ts";
import { apply, createState } from "./apply.ts";
import { encodeState, stateText } from "./encode.ts";
import { redactState } from "./redact.ts";

const SAID: StoredEvent = {
  ...{
    id: "clusterfork:1",
    seq: 1,
    v: 2,
    event_type: "escalated_to_user",
    agent_id: "clusterfork:reflection",
  },
  ...{ timestamp: "2026-02-01T00:00:00.000Z", received_at: "2026-02-01T00:00:00.000Z" },
  ...{ source: "clusterfork", key_id: "clusterfork" },
  metadata: { kind: "approval", reason: "People decided about this lesson: “ana-keeps-the-door-shut”." },
};

it.each(["cost", "name", "title"] as const)("[S2] of a view that hides %s alone", (hidden) => {
  const policy = { cost: false, name: false, title: false, text: false, [hidden]: true };
  const alias = (name: string) => name;
  const [shown, whole] = [createState(), createState()];
  apply(shown, redactEvent(SAID, policy, alias));
  apply(whole, SAID);
  expect(JSON.stringify(redactState(encodeState(whole), policy, alias))).toBe(stateText(shown));
});
