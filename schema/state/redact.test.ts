import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../event/event.ts";
import { redactEvent, type ViewPolicy } from "../event/view.ts";
import { apply, createState } from "./apply.ts";
import { encodeState, stateText } from "./encode.ts";
import { redactState } from "./redact.ts";

const shown: ViewPolicy = { cost: false, name: false, title: false, text: false };
const alias = (name: string) => name;
const REASON = "People decided about this lesson: “ana-keeps-the-door-shut”.";

function escalation(event_type: string, agent_id: string, source: string): StoredEvent {
  return {
    ...{ id: "e1", seq: 1, v: 2, event_type, agent_id, source, key_id: "k1" },
    ...{ timestamp: "2026-02-01T00:00:00.000Z", received_at: "2026-02-01T00:00:00.000Z" },
    metadata: { kind: "approval", reason: REASON },
  };
}

describe.each(["escalated_to_user", "escalated_to_board"])("the reason of %s", (type) => {
  const own = escalation(type, "clusterfork:reflection", "clusterfork");
  const sent = escalation(type, "coder-a", "api");

  function bothWays(event: StoredEvent, policy: ViewPolicy): string {
    const [redacted, whole] = [createState(), createState()];
    apply(redacted, redactEvent(event, policy, alias));
    apply(whole, event);
    const state = JSON.stringify(redactState(encodeState(whole), policy, alias));
    expect(state).toBe(stateText(redacted));
    return state;
  }

  it.each(["cost", "name", "title", "text"] as const)(
    "[S2] is hidden in Clusterfork's own words by a view that hides %s alone",
    (hidden) => {
      expect(bothWays(own, { ...shown, [hidden]: true })).not.toContain(REASON);
    },
  );

  it("[S2] is a sender's text otherwise, and shown where nothing is hidden", () => {
    expect(bothWays(own, shown)).toContain(REASON);
    for (const hidden of ["cost", "name", "title"] as const)
      expect(bothWays(sent, { ...shown, [hidden]: true })).toContain(REASON);
    expect(bothWays(sent, { ...shown, text: true })).not.toContain(REASON);
  });
});
