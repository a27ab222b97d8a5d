/** What a look through the log holds of features that nobody ends: bounded in characters, and of those alone that are open. */
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { MAX_EVENT_BYTES } from "../../schema/event/limits.ts";
import { MAX_MET_CHARS } from "../../worker/room/limits.ts";
import { Live } from "../../worker/room/memory.ts";
import { RestedWork } from "../../worker/room/rested.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";
import { append, event, freshRoom, readAll } from "./prepared.ts";

const LONG = "x".repeat(MAX_EVENT_BYTES - 1_000);
/** As long as an event may be. */
const longer = (text: string): string =>
  JSON.stringify({ ...(JSON.parse(text) as StoredEvent), metadata: { message: LONG } });

it("holds the last line of each open session alone, and writes rows before it holds too much", async () => {
  const room = freshRoom();
  const sessions = Math.ceil(MAX_MET_CHARS / LONG.length) + 1;
  const of = (feature_id: string, event_type: string, metadata = {}) =>
    event(`${event_type} ${feature_id}`, { feature_id, event_type, metadata });
  const open = Array.from({ length: sessions }, (_, n) => `open-${String(n)}`);
  await append(room, [
    ...["ended", ...open].map((id) => of(id, "feature_requested", { title: id, kind: "session" })),
    of("ended", "feature_completed"),
    of("planned", "feature_requested", { title: "A feature of a tracker", kind: "epic" }),
    ...["ended", "planned", ...open].map((id) => of(id, "task_progress")),
  ]);
  const texts = (await readAll(room)).filter((text) => text.includes('"task_progress"'));
  expect(texts).toHaveLength(2 + sessions);
  await runInDurableObject(room, (_: ProjectRoom, { storage: { sql } }) => {
    const rows = () => sql.exec<{ n: number }>("SELECT count(*) AS n FROM resting").one().n;
    sql.exec("DELETE FROM resting");
    const live = new Live(sql, (_event, error) => {
      throw error;
    });
    const rested = new RestedWork(sql, live);
    for (const text of texts.slice(0, 2)) rested.note(longer(text));
    expect(rested.met_chars).toBe(0);
    const [first = "", ...rest] = texts.slice(2);
    // The last line of one takes the place of the one before.
    for (let times = 0; times < sessions; times++) rested.note(longer(first));
    expect([rested.met_chars, rows()]).toEqual([longer(first).length, 0]);
    let most = 0;
    for (const text of rest) {
      rested.note(longer(text));
      most = Math.max(most, rested.met_chars);
    }
    expect(most).toBeLessThanOrEqual(MAX_MET_CHARS);
    expect(most).toBeGreaterThan(MAX_MET_CHARS / 2);
    expect(rows()).toBeGreaterThan(0);
    rested.looked(true);
    expect([rested.met_chars, rows()]).toEqual([0, sessions]);
  });
});
