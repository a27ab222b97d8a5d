import { expect, it } from "vitest";
import { lookAtLoose } from "./loose.ts";
import type { ReflectedRoom } from "./look.ts";

it("[B2] reads a bounded way back for a task as old as the log, and says so where nothing closed since", async () => {
  const read: number[] = [];
  const old = { id: "old", feature_id: null, closed_at: 7, first_seq: 1, last_seq: 50_001 };
  const state = JSON.stringify({ open_tasks: [], closed_tasks: [old] });
  const room = {
    readState: () => Promise.resolve({ ok: true, state }),
    readFeatureLog({ after }: { after: number }) {
      read.push(after);
      return Promise.resolve({ ok: true, events: [], next: null });
    },
  } as unknown as ReflectedRoom;
  const found = await lookAtLoose(room, { since: 50_000, seq: 50_001 });
  expect(read).toEqual([40_000]);
  expect(found).toMatchObject({ since: 50_000, seq: 50_001, patterns: [], lessons: [], cycles: 0 });
});
