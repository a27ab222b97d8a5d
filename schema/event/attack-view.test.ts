/** Red: a key's id is a name, and a view that hides names shows it in the reason that Clusterfork itself gives (lesson-key.ts). */
import { expect, it } from "vitest";
import type { StoredEvent } from "./event.ts";
import { redactEvent } from "./view.ts";

const KEY = "abcdefghijkl";
const own = (event_type: string, metadata: Record<string, string>): StoredEvent => ({
  ...{ id: "clusterfork:1", seq: 1, v: 2, event_type, agent_id: "clusterfork:lessons", metadata },
  ...{ timestamp: "2026-02-01T00:00:00.000Z", received_at: "2026-02-01T00:00:00.000Z" },
  ...{ source: "clusterfork", key_id: "clusterfork" },
});

it.each([
  own("lesson_quarantined", {
    ...{ lesson_id: "l-1", by: "ana" },
    reason: `What the key ${KEY} taught, or what rests on its events, is looked at.`,
  }),
  own("lessons_purged", { key_id: KEY, by: "ana" }),
  own("lesson_approved", { lesson_id: "l-1", by: `key ${KEY}` }),
])("[T2] shows no key's id where names are hidden: $event_type", (event) => {
  const policy = { cost: false, name: true, title: false, text: false };
  const alias = (name: string) => `anon-${String(name.length)}`;
  expect(JSON.stringify(redactEvent(event, policy, alias))).not.toContain(KEY);
});
