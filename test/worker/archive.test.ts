/** The drain to D1: what failing, doubling, sleeping and forgetting do to it. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { packEvents } from "../../schema/event/batch.ts";
import type { NewEvent } from "../../schema/event/event.ts";
import { Archive } from "../../worker/archive/archive.ts";
import { gunzip } from "../../worker/archive/gzip.ts";
import { batchAfter } from "../../worker/room/drain-batch.ts";
import type { Archive as Port } from "../../worker/room/drain.ts";
import { DRAIN_DELAY_MS, DRAIN_EVENTS, MAX_DRAIN_PAUSE_MS } from "../../worker/room/limits.ts";
import type { ProjectRoom as Room } from "../../worker/room/room.ts";
import { append, event, freshRoom, headOf, own, rest, stateOf } from "./prepared.ts";
import { migrate } from "./server.ts";
import {
  drain,
  works,
  fill,
  rows,
  projectOf,
  cursorOf,
  dump,
  expectWhole,
  withArchive,
  alarmLater,
  quiet,
} from "./draining.ts";

beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
});

describe("[B1] an archive that is down", () => {
  it("blocks no append, loses nothing, and is caught up with as soon as it is back [B3]", async () => {
    const room = freshRoom();
    const told = quiet();
    let down = true;
    let calls = 0;
    const failing = (archive: Port): Port => ({
      cursor: async () => {
        calls += 1;
        if (down) throw new Error("D1 is down");
        return archive.cursor();
      },
      write: (cursor, batch) => archive.write(cursor, batch),
      clear: (generation) => archive.clear(generation),
    });
    await withArchive(room, failing, async (instance, storage) => {
      // A day of failing tries.
      for (let day_ms = 0; day_ms < 86_400_000; day_ms += 12 * MAX_DRAIN_PAUSE_MS) {
        expect(await instance.append(own, packEvents(works(calls * 10, calls * 10 + 9)))).toMatchObject({
          ok: true,
          accepted: 10,
        });
        await alarmLater(instance, day_ms + DRAIN_DELAY_MS);
      }
      expect(calls).toBe(24);
      expect(await cursorOf(room)).toBe(0);
      // B3: no traffic any more; the alarm that the last failure left is enough.
      expect(await storage.getAlarm()).not.toBeNull();
      down = false;
      await alarmLater(instance, 2 * 86_400_000);
    });
    expect(told).toHaveBeenCalled();
    told.mockRestore();
    await expectWhole(room);
  });

  it("pauses longer after each failure, up to five minutes, whatever commits meanwhile", async () => {
    const room = freshRoom();
    const told = quiet();
    let calls = 0;
    const failing = (archive: Port): Port => ({
      ...archive,
      cursor: async () => {
        calls += 1;
        throw new Error("D1 is down");
      },
    });
    await withArchive(room, failing, async (instance) => {
      for (let at = 1; at <= 5_001; at += 1_000) await instance.append(own, packEvents(works(at, at + 999)));
      await alarmLater(instance, 0);
      expect(calls).toBe(1);
      await instance.append(own, packEvents(works(10_000, 10_010)));
      await alarmLater(instance, 5_000);
      expect(calls).toBe(1);
      await alarmLater(instance, 11_000);
      expect(calls).toBe(2);
    });
    told.mockRestore();
  });

  it("holds up neither appends nor the alarm when it does not answer", async () => {
    const room = freshRoom();
    let release = () => {};
    const hanging = (archive: Port): Port => ({
      cursor: () => archive.cursor(),
      write: async (cursor, batch) => {
        await new Promise<void>((resolve) => (release = resolve));
        return archive.write(cursor, batch);
      },
      clear: (generation) => archive.clear(generation),
    });
    await withArchive(room, hanging, async (instance) => {
      await instance.append(own, packEvents(works(1, 10)));
      await alarmLater(instance, DRAIN_DELAY_MS);
      expect(await instance.append(own, packEvents(works(11, 20)))).toMatchObject({ ok: true, accepted: 10 });
      expect(await cursorOf(room)).toBe(0);
      release();
      await vi.waitFor(async () => expect(await cursorOf(room)).toBe(10), { timeout: 5_000 });
    });
    await drain(room, 2 * DRAIN_DELAY_MS);
    await expectWhole(room);
  });

  it("that commits and then loses its answer stores each event once [B2]", async () => {
    const room = freshRoom();
    const told = quiet();
    let lost = 0;
    const lossy = (archive: Port): Port => ({
      cursor: () => archive.cursor(),
      write: async (cursor, batch) => {
        const next = await archive.write(cursor, batch);
        if (lost++ === 0) throw new Error("the answer was lost");
        return next;
      },
      clear: (generation) => archive.clear(generation),
    });
    await withArchive(room, lossy, async (instance) => {
      await instance.append(own, packEvents(works(1, 600)));
      await alarmLater(instance, DRAIN_DELAY_MS);
      // The control: it was committed.
      expect(await cursorOf(room)).toBe(600);
      await instance.append(own, packEvents(works(601, 900)));
      await alarmLater(instance, 2 * DRAIN_DELAY_MS);
    });
    expect(lost).toBe(2);
    told.mockRestore();
    await expectWhole(room);
  });
});

describe("[B2] a step done twice", () => {
  it("fails as a whole and changes nothing; so does one that is late, or one of two at once", async () => {
    const room = freshRoom();
    await fill(room, 1, 500);
    const project = projectOf(room);
    const archive = new Archive(env.DB, project);
    const batch = await runInDurableObject(room, (_, { storage }) => batchAfter(storage.sql, 0));
    if (batch === null) throw new Error("nothing to drain");
    const next = await archive.write({ seq: 0, time: 0, generation: 0 }, batch);
    const once = await dump(project);
    await expect(archive.write({ seq: 0, time: 0, generation: 0 }, batch)).rejects.toThrow(/NOT NULL/);
    expect(await dump(project)).toBe(once);

    await fill(room, 501, 800);
    const more = await runInDurableObject(room, (_, { storage }) => batchAfter(storage.sql, 500));
    if (more === null) throw new Error("nothing to drain");
    const both = await Promise.allSettled([archive.write(next, more), archive.write(next, more)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const twice = await dump(project);
    await expect(archive.write(next, more)).rejects.toThrow(/NOT NULL/);
    expect(await dump(project)).toBe(twice);
    await expectWhole(room);

    // A straggler that meets an emptied archive must not leave a hole.
    await archive.clear(next.generation + 1);
    await expect(archive.write(next, more)).rejects.toThrow(/NOT NULL/);
    expect(await cursorOf(room)).toBe(0);
  });

  it("and an alarm that runs twice adds nothing", async () => {
    const room = freshRoom();
    await fill(room, 1, 100);
    await drain(room);
    const once = await dump(projectOf(room));
    await runInDurableObject(room, async (instance: Room) => {
      await alarmLater(instance, 2 * DRAIN_DELAY_MS);
      await alarmLater(instance, 3 * DRAIN_DELAY_MS);
    });
    expect(await dump(projectOf(room))).toBe(once);
  });
});

describe("[B3] sleep", () => {
  it("between any two steps changes nothing, and a room that wakes with a backlog arms itself", async () => {
    const room = freshRoom();
    for (let at = 1; at <= 900; at += 300) {
      await fill(room, at, at + 299);
      await evictDurableObject(room);
      await drain(room, DRAIN_DELAY_MS);
      await evictDurableObject(room);
    }
    await fill(room, 901, 1_000);
    await runInDurableObject(room, (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(room);
    // Any call wakes it; only the constructor can have set this alarm.
    const armed = await runInDurableObject(room, (_, { storage }) => storage.getAlarm());
    expect(armed).not.toBeNull();
    await rest(room);
    await expectWhole(room);
    // An hour later it has said of its targets what there was to say.
    await rest(room, 3_700_000);
    // Nor is the nightly audit due.
    await room.noteAudit({ verdict: await room.verify(), to: await headOf(room), anchors: 0 }, true);
    await evictDurableObject(room);
    await runInDurableObject(room, (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(room);
    // The control: without a backlog it does not wake itself for ever.
    expect(await runInDurableObject(room, (_, { storage }) => storage.getAlarm())).toBeNull();
  });

  it("a long backlog goes in whole steps, without waiting, also when the room woke with it", async () => {
    const room = freshRoom();
    const told = quiet();
    // Down, so that all of it is still there when the room falls asleep.
    await env.DB.exec("ALTER TABLE archive_cursor RENAME TO archive_cursor_away");
    await fill(room, 1, 2 * DRAIN_EVENTS + 500);
    await drain(room, 0);
    await runInDurableObject(room, (_, { storage }) => storage.deleteAlarm());
    await evictDurableObject(room);
    await env.DB.exec("ALTER TABLE archive_cursor_away RENAME TO archive_cursor");
    told.mockRestore();
    // Its first call wakes it, and the alarm that it sets by itself does the rest: nobody runs one here.
    await stateOf(room);
    // Less than a step is left, however many events a step could afford.
    const left = async () => (await headOf(room)) - (await cursorOf(room));
    await vi.waitFor(async () => expect(await left()).toBeLessThan(DRAIN_EVENTS), { timeout: 10_000 });
    await rest(room);
    await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: 10_000 });
    await expectWhole(room);
  });
});

it("[P1] what is destroyed in the log is destroyed in the archive too", async () => {
  const room = freshRoom();
  await append(room, [
    event("a"),
    event("b", { metadata: { title: "to be forgotten" }, event_type: "task_created", task_id: "B" }),
  ]);
  await drain(room);
  expect(await dump(projectOf(room))).toContain("to be forgotten");
  await room.forget([2]);
  // The room's own alarm may come first, and run beside this one.
  const soon = { timeout: 5_000 };
  await vi.waitFor(async () => expect(await dump(projectOf(room))).not.toContain("to be forgotten"), soon);
  await drain(room, 2 * DRAIN_DELAY_MS);
  await vi.waitFor(async () => expect(await cursorOf(room)).toBe(3), soon);
  expect(await dump(projectOf(room))).not.toContain("to be forgotten");
  const [segment] = await rows<{ events: number[] }>("archive_segment", projectOf(room), "first_seq");
  expect((await gunzip(segment?.events ?? [])).split("\n")[1]).toBe("");
  expect(await cursorOf(room)).toBe(3);
});

it("[P1] [B2] [B3] a step or an emptying from before a forgetting, executed late, changes nothing", async () => {
  const project = `p${crypto.randomUUID()}`;
  const archive = new Archive(env.DB, project);
  const stored = (title: string) => {
    const { json } = event("a", { event_type: "task_created", task_id: "T", metadata: { title } });
    return { ...(JSON.parse(json) as NewEvent), seq: 1, received_at: "2026-11-22T12:00:00.000Z" };
  };
  const batch = (title: string) => ({
    texts: [JSON.stringify(stored(title))],
    head: "",
  });
  const before = await archive.cursor();
  await archive.clear(1);
  await expect(archive.write(before, batch("to be forgotten"))).rejects.toThrow(/NOT NULL/);
  expect(await dump(project)).not.toContain("to be forgotten");
  await archive.write(await archive.cursor(), { texts: [""], head: "" });
  // The same seq, of another generation.
  await expect(archive.write({ ...before, seq: 1 }, batch("to be forgotten"))).rejects.toThrow(/NOT NULL/);

  const filled = await dump(project);
  for (const late of [0, 1]) await archive.clear(late);
  expect(await dump(project)).toBe(filled);
  // The control: a later one empties it.
  await archive.clear(2);
  expect(await archive.cursor()).toEqual({ seq: 0, time: 0, generation: 2 });
  expect(await rows("archive_segment", project, "first_seq")).toEqual([]);
});

it.each([
  ["archive, which lacks a forgetting,", 0, 3, 3],
  ["log, which lacks some,", 7, 3, 8],
])("[B3] where the %s was restored, the archive is filled anew", async (_what, archived, own_one, then) => {
  const room = freshRoom();
  const project = projectOf(room);
  const told = quiet();
  await fill(room, 1, 100);
  await drain(room);
  await env.DB.prepare("UPDATE archive_task SET row = '{}' WHERE project_id = ?").bind(project).run();
  await env.DB.prepare("UPDATE archive_cursor SET generation = ? WHERE project_id = ?")
    .bind(archived, project)
    .run();
  await runInDurableObject(room, (_, { storage }) =>
    storage.sql.exec("UPDATE drain SET generation = ?", own_one),
  );
  await evictDurableObject(room);
  await fill(room, 101, 110);
  await drain(room);
  await drain(room, DRAIN_DELAY_MS + MAX_DRAIN_PAUSE_MS);
  await vi.waitFor(async () => expect(await cursorOf(room)).toBe(110), { timeout: 5_000 });
  await expectWhole(room);
  expect((await new Archive(env.DB, project).cursor()).generation).toBe(then);
  expect(JSON.stringify(told.mock.calls.map(([, error]) => String(error)))).toContain(
    "restored from a backup",
  );
  told.mockRestore();
});
