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

it("[B2] takes an ending that is told again under another id for the one that it is", async () => {
  const at = Date.UTC(2026, 0, 5, 12);
  const end = (seq: number, id = "done") =>
    JSON.stringify({
      ...{
        seq,
        task_id: id,
        event_type: "task_completed",
        timestamp: new Date(at).toISOString(),
        received_at: "2026-02-01T00:00:00.000Z",
        agent_id: "a",
      },
      metadata: { reason: "no-changes: already merged to main" },
    });
  const look = async (events: string[], since: number) => {
    const closed_tasks = ["done", "two", "three"].map((id) => ({
      ...{ id, feature_id: null, closed_at: at, first_seq: 1, last_seq: 9, files: [], review_cycles: 0 },
      ...{ dependencies: [], usage: { by_model: [] }, status: "done", created_at: at, started_at: at },
    }));
    const room = {
      readState: () => Promise.resolve({ ok: true, state: JSON.stringify({ open_tasks: [], closed_tasks }) }),
      readFeatureLog: () => Promise.resolve({ ok: true, events, next: null }),
    } as unknown as ReflectedRoom;
    return (await lookAtLoose(room, { since, seq: 9 })).patterns;
  };
  const told = [end(1), end(2, "two"), end(3, "three")];
  expect(await look(told, 0)).toEqual(["redone"]);
  expect(await look([...told, end(7), end(8, "two"), end(9, "three")], 6)).toEqual([]);
});
