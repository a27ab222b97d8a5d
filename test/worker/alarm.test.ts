/** A room that cannot be made when its alarm comes. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { Archive } from "../../worker/archive/archive.ts";
import { DRAIN_DELAY_MS, RETRY_MS } from "../../worker/room/limits.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";
import { append, events, freshRoom, type RoomStub } from "./prepared.ts";
import { migrate } from "./server.ts";

beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const armed = (room: RoomStub) => runInDurableObject(room, (_, { storage }) => storage.getAlarm());
const archived = async (room: RoomStub) => (await new Archive(env.DB, room.id.name ?? "").cursor()).seq;

/** What a room that opens meets first: a number that it does not know makes opening it fail. */
const setTables = (room: RoomStub, version: number) =>
  runInDurableObject(room, (_, { storage }) => {
    const found = storage.sql.exec<{ version: number }>("SELECT version FROM tables").one().version;
    storage.sql.exec("UPDATE tables SET version = ?", version);
    return found;
  });

it("[B3] a room that fails to open ten times in its alarm is not forgotten, and drains once it opens, without a call", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const room = freshRoom();
  await append(room, events(1, 3));
  const version = await setTables(room, 999);
  for (let nth = 0; nth < 10; nth += 1) {
    await evictDurableObject(room);
    expect(await runDurableObjectAlarm(room)).toBe(true);
    const at = await armed(room);
    expect(at).not.toBeNull();
    expect((at ?? 0) - Date.now()).toBeLessThanOrEqual(RETRY_MS);
  }
  // The control: it was the opening that failed, and whoever asks is told.
  expect(said.mock.calls.flat().join()).toContain("newer version");
  await runInDurableObject(room, (instance: ProjectRoom) =>
    expect(instance.verify()).rejects.toThrow("newer version"),
  );
  expect(await archived(room)).toBe(0);

  await setTables(room, version);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DRAIN_DELAY_MS });
  await runDurableObjectAlarm(room);
  vi.useRealTimers();
  expect(await archived(room)).toBe(3);
});
