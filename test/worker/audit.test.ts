/** The nightly audit of the chain: when it is made, what it finds, and what stuck, doubled and absent parts do to it. */
import {
  evictDurableObject,
  introspectWorkflow,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { packEvents } from "../../schema/event/batch.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { AuditResponse } from "../../schema/wire/audit.ts";
import type { Head } from "../../schema/wire/http.ts";
import { auditResponse } from "../../schema/wire/audit.ts";
import { readAnchors } from "../../worker/archive/anchors.ts";
import { MAX_ANCHORS } from "../../worker/archive/limits.ts";
import { auditId, startAudit, type AuditParams } from "../../worker/archive/start-audit.ts";
import type { StartAudit } from "../../worker/room/audit.ts";
import { AUDIT_SLICE_EVENTS, AUDIT_STUCK_MS, DRAIN_DELAY_MS, RETRY_MS } from "../../worker/room/limits.ts";
import { ProjectRoom as Room } from "../../worker/room/room.ts";
import { append, event, events, freshRoom, own, readAll, type RoomStub } from "./prepared.ts";
import { asKey, asPerson, migrate, signUp } from "./server.ts";

const DAY_MS = 86_400_000;
const AUDITS: Workflow<AuditParams> = env.CHAIN_AUDIT ?? missing();
function missing(): never {
  throw new Error("the tests run with wrangler.toml, which binds CHAIN_AUDIT");
}

beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Only Date moves: timers are real. */
async function alarm(room: RoomStub, now_ms: number): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: now_ms });
  await runDurableObjectAlarm(room);
  vi.useRealTimers();
}
const projectOf = (room: RoomStub) => room.id.name ?? "";

async function auditOf(room: RoomStub): Promise<AuditResponse> {
  const reply = await room.readAudit(own);
  if (!reply.ok) throw new Error(reply.reason);
  return reply.audit;
}
const alarmOf = (room: RoomStub) => runInDurableObject(room, (_, { storage }) => storage.getAlarm());
const alertsOf = async (room: RoomStub) =>
  (await readAll(room))
    .map((text) => JSON.parse(text) as StoredEvent)
    .filter(({ event_type }) => event_type === "alert_raised");

/** A room with five commits, of which the archive has a copy. */
async function archivedRoom(): Promise<RoomStub> {
  const room = freshRoom();
  for (let n = 0; n < 5; n += 1) await append(room, events(n * 4 + 1, n * 4 + 4));
  await alarm(room, Date.now() + DRAIN_DELAY_MS);
  await vi.waitFor(async () => expect(await readAnchors(env.DB, projectOf(room))).toHaveLength(1));
  return room;
}
const edit = (room: RoomStub) =>
  runInDurableObject(room, (_, { storage }) => {
    storage.sql.exec(
      "UPDATE log SET events = CAST(replace(CAST(events AS TEXT), 'coder-a', 'coder-b') AS BLOB) WHERE first_seq = 9",
    );
  });

/** The night comes; every instance that it starts runs to its end. Says how many there were. */
async function night(
  room: RoomStub,
  now_ms = Date.now() + DAY_MS,
  end: "complete" | "errored" = "complete",
): Promise<number> {
  await using runs = await introspectWorkflow(AUDITS);
  await runs.modifyAll((run) => run.disableRetryDelays());
  await alarm(room, now_ms);
  const started = await runs.get();
  for (const run of started) await run.waitForStatus(end);
  return started.length;
}

describe("[L5] in the night after new events", () => {
  it("a whole chain is compared with the archive's heads, and a key may read the verdict", async () => {
    const account = await signUp("Audited");
    const room = env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub;
    const read = async () => {
      const [by_key, by_person] = await Promise.all([
        asKey(account.keys.read, "/v1/audit"),
        asPerson(account.cookie, `/api/projects/${account.project.id}/audit`),
      ]);
      const body = auditResponse.parse(await by_key.json());
      expect(await by_person.json()).toEqual(body);
      return body;
    };
    expect(await read()).toEqual({ last: null, running_since: null });
    await append(room, events(1, 30));
    await alarm(room, Date.now() + DRAIN_DELAY_MS);
    await vi.waitFor(async () => expect(await readAnchors(env.DB, account.project.id)).toHaveLength(1));
    expect(await night(room)).toBe(1);
    const { head } = (await room.readLog(own, { since: 0, limit: 1 })) as { head: Head };
    expect(await read()).toEqual({
      last: {
        at: expect.any(Number) as number,
        ok: true,
        seq: 30,
        hash: head.hash,
        reason: null,
        forgotten: 0,
        unwitnessed: 0,
        anchors: 1,
      },
      running_since: null,
    });
    expect(await alertsOf(room)).toEqual([]);
  });

  it("nothing is started before the night, nor in a night without new events", async () => {
    const room = freshRoom();
    expect(await alarmOf(room)).toBeNull();
    await append(room, events(1, 3));
    expect(await night(room, Date.now())).toBe(0);
    expect(await night(room)).toBe(1);
    expect((await auditOf(room)).last).toMatchObject({ ok: true, seq: 3 });
    expect(await night(room, Date.now() + 2 * DAY_MS)).toBe(0);
    await append(room, [event("new")]);
    expect(await night(room, Date.now() + 3 * DAY_MS)).toBe(1);
    expect((await auditOf(room)).last).toMatchObject({ ok: true, seq: 4 });
  });
});

describe("[L5] a broken chain", () => {
  it("[B2] raises one alert that names the first bad seq, however often it is found", async () => {
    const room = await archivedRoom();
    await edit(room);
    const now_ms = Date.now();
    expect(await night(room, now_ms + DAY_MS)).toBe(1);
    const found = {
      ok: false,
      seq: 9,
      hash: null,
      reason: "the event's bytes do not match its leaf",
    };
    expect((await auditOf(room)).last).toMatchObject(found);
    const [alert, ...others] = await alertsOf(room);
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      agent_id: "clusterfork:audit",
      source: "clusterfork",
      metadata: { rule: "chain_broken", alert_id: "chain_broken-9", severity: "critical" },
    });
    expect(alert?.metadata?.["title"]).toContain("seq 9");
    expect(alert?.metadata?.["message"]).toMatch(/clusterfork export/);
    // The alert itself is a new event, so the next night looks again, and finds the same.
    expect(await night(room, now_ms + 2 * DAY_MS)).toBe(1);
    expect(await alertsOf(room)).toHaveLength(1);
    expect((await auditOf(room)).last).toMatchObject(found);
    expect(await night(room, now_ms + 3 * DAY_MS)).toBe(0);
  });

  it.each([
    ["a cut tail, by the ids", "DELETE FROM log WHERE first_seq = 17", 16],
    ["a lost id", "UPDATE id_fresh SET entries = substr(entries, 33) WHERE first_seq = 5", 8],
  ])("shows %s", async (_title, sql, seq) => {
    const room = await archivedRoom();
    await runInDurableObject(room, (_room, { storage }) => {
      storage.sql.exec(sql);
    });
    const verdict = await room.verify(await readAnchors(env.DB, projectOf(room)));
    expect(verdict).toMatchObject({ ok: false, seq });
  });

  it("shows a history rewritten as a whole, by the head in the archive alone", async () => {
    const room = await archivedRoom();
    const other = freshRoom();
    for (let n = 0; n < 5; n += 1) {
      await append(other, events(n * 4 + 1, n * 4 + 4, { agent_id: "forger" }));
    }
    type Stored = Record<string, SqlStorageValue>;
    const forged = await runInDurableObject(other, (_, { storage }) =>
      storage.sql.exec<Stored>("SELECT * FROM log ORDER BY first_seq").toArray(),
    );
    await runInDurableObject(room, (_, { storage }) => {
      storage.sql.exec("DELETE FROM log");
      for (const row of forged) {
        const names = Object.keys(row);
        storage.sql.exec(
          `INSERT INTO log (${names.join()}) VALUES (${names.map(() => "?").join()})`,
          ...Object.values(row),
        );
      }
    });
    await evictDurableObject(room);
    // The control: in itself it is whole.
    expect(await room.verify()).toMatchObject({ ok: true, seq: 20 });
    expect(await night(room)).toBe(1);
    expect((await auditOf(room)).last).toMatchObject({
      ok: false,
      seq: 20,
      reason: "the head differs from the one noted outside",
    });
    expect(await alertsOf(room)).toHaveLength(1);
  });
});

describe("the walk", () => {
  it("goes on part by part over what is appended and forgotten meanwhile, and lets appends in between", async () => {
    const room = freshRoom();
    const total = 6 * AUDIT_SLICE_EVENTS;
    for (let from = 1; from <= total; from += 500) await append(room, events(from, from + 499));
    let during = 0;
    let done = false;
    const walking = room.verify().finally(() => {
      done = true;
    });
    for (; !done; during += 1) {
      await append(room, [event(`during-${String(during)}`)]);
      if (during === 1) await room.forget([7, 5_001]);
    }
    expect(await walking).toMatchObject({ ok: true, seq: total });
    // Each waited for a slice at most: a walk in one go would have let in one or two.
    expect(during).toBeGreaterThan(3);
    expect(await room.verify()).toMatchObject({ ok: true, seq: total + during + 1, forgotten: 2 });
  });

  it("compares with a bounded number of heads: the newest, and others evenly before it", async () => {
    const project = `p${crypto.randomUUID()}`;
    const insert = env.DB.prepare(
      `INSERT INTO archive_segment (project_id, first_seq, last_seq, first_time, last_time, head, events)
       SELECT ?1, value, value, 0, 0, 'h' || value, x'' FROM json_each(?2)`,
    );
    const segments = 3 * MAX_ANCHORS - 7;
    await insert.bind(project, JSON.stringify(Array.from({ length: segments }, (_, i) => i + 1))).run();
    const anchors = await readAnchors(env.DB, project);
    expect(anchors.length).toBeLessThanOrEqual(MAX_ANCHORS);
    expect(anchors.length).toBeGreaterThan(MAX_ANCHORS / 2);
    expect(anchors.at(-1)).toEqual({ seq: segments, hash: `h${String(segments)}` });
    const gaps = anchors.slice(1).map(({ seq }, i) => seq - (anchors[i]?.seq ?? 0));
    expect(new Set(gaps)).toEqual(new Set([3]));
    // A segment that ends inside a commit has no head.
    await env.DB.prepare("UPDATE archive_segment SET head = '' WHERE project_id = ? AND last_seq = ?")
      .bind(project, segments)
      .run();
    expect((await readAnchors(env.DB, project)).at(-1)).toEqual({
      seq: segments - 1,
      hash: `h${String(segments - 1)}`,
    });
    expect(await readAnchors(env.DB, `p${crypto.randomUUID()}`)).toEqual([]);
  });
});

/** A second object over the room's storage, with a starter of the test's own. */
function withStarter<T>(
  room: RoomStub,
  start: StartAudit | undefined,
  body: (instance: Room) => Promise<T>,
): Promise<T> {
  return runInDurableObject(room, (_, ctx) => body(new Room(ctx, env, { startAudit: start })));
}
const statusOf = async (params: AuditParams) => (await (await AUDITS.get(auditId(params))).status()).status;
async function alarmAt(instance: Room, now_ms: number): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: now_ms });
  await instance.alarm();
  vi.useRealTimers();
}

describe("[B3] starting", () => {
  it("a run that never ends is started anew, later each time, also after the room slept", async () => {
    const room = freshRoom();
    await append(room, events(1, 3));
    const started: string[] = [];
    const start: StartAudit = async (project_id, run) => {
      started.push(auditId({ project_id, ...run }));
    };
    const at = Date.now() + DAY_MS;
    const day = new Date(at).toISOString().slice(0, 10);
    await withStarter(room, start, (instance) => alarmAt(instance, at));
    const first = started[0] ?? "";
    expect(first).toMatch(new RegExp(`^${projectOf(room)}-\\d{4}-\\d\\d-\\d\\d$`));
    expect([day, new Date(at - DAY_MS).toISOString().slice(0, 10)]).toContain(first.slice(-10));
    expect((await auditOf(room)).running_since).toBe(at);
    const attempts = [
      [at + AUDIT_STUCK_MS - 1, 1],
      [at + AUDIT_STUCK_MS, 2],
      [at + 3 * AUDIT_STUCK_MS - 1, 2],
      [at + 3 * AUDIT_STUCK_MS, 3],
    ] as const;
    for (const [now_ms, count] of attempts) {
      await withStarter(room, start, (instance) => alarmAt(instance, now_ms));
      expect(started).toHaveLength(count);
    }
    expect(started.slice(1)).toEqual([`${first}-2`, `${first}-3`]);
    // The first attempt's verdict, at last: true all the same.
    await withStarter(room, start, async (instance) => {
      await instance.noteAudit({ verdict: await instance.verify(), to: 3, anchors: 0 }, true);
      await alarmAt(instance, at + 100 * AUDIT_STUCK_MS);
    });
    expect(started).toHaveLength(3);
    expect(await auditOf(room)).toMatchObject({ last: { ok: true, seq: 3 }, running_since: null });
  });

  it("[B1] what cannot be started is tried again, under the same name, and nobody waits for it", async () => {
    const room = freshRoom();
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const started: string[] = [];
    let away = true;
    const start: StartAudit = async (project_id, run) => {
      if (away) throw new Error("Workflows is away");
      started.push(auditId({ project_id, ...run }));
    };
    const at = Date.now() + DAY_MS;
    await withStarter(room, start, async (instance) => {
      await instance.append(own, packEvents(events(1, 3)));
      await alarmAt(instance, at);
      expect(told).toHaveBeenCalledTimes(1);
      expect(await instance.readAudit(own)).toMatchObject({ audit: { last: null, running_since: null } });
      // In its pause it is left alone.
      await alarmAt(instance, at + RETRY_MS - 1);
      expect(told).toHaveBeenCalledTimes(1);
      away = false;
      await alarmAt(instance, at + RETRY_MS);
      expect(started).toHaveLength(1);
      expect(started[0]).not.toMatch(/-2$/);
    });
  });

  it("[B1] a start that is never answered holds up neither the alarm nor an append", async () => {
    const room = freshRoom();
    await append(room, events(1, 3));
    const never: StartAudit = () => new Promise(() => undefined);
    // What is said once the start is given up: the alarm must be over before.
    const given_up = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await withStarter(room, never, async (instance) => {
      await alarmAt(instance, Date.now() + DAY_MS);
      expect(given_up).not.toHaveBeenCalled();
      expect(await instance.append(own, packEvents([event("meanwhile")]))).toMatchObject({ accepted: 1 });
    });
  });

  it("without a binding nothing is started, and nothing waits for it", async () => {
    const room = freshRoom();
    await runInDurableObject(room, (_, { storage }) => storage.deleteAlarm());
    await withStarter(room, undefined, async (instance) => {
      await alarmAt(instance, Date.now() + DAY_MS);
      await instance.noteAudit({ verdict: await instance.verify(), to: 0, anchors: 0 }, true);
      expect(await instance.readAudit(own)).toMatchObject({ audit: { last: null, running_since: null } });
    });
    expect(await alarmOf(room)).toBeNull();
  });

  it("[B2] one run started twice is one instance, and a further attempt ends the one before", async () => {
    const room = await archivedRoom();
    await using runs = await introspectWorkflow(AUDITS);
    const project_id = projectOf(room);
    const params: AuditParams = { project_id, day: "2026-11-22", attempt: 1 };
    await runs.modifyAll((run) =>
      run.mockStepError({ name: "read the archived heads" }, new Error("stuck"), 1),
    );
    await startAudit(AUDITS, params);
    await startAudit(AUDITS, params);
    expect(await runs.get()).toHaveLength(1);
    // It is in the pause after its first try.
    await vi.waitFor(async () => expect(await statusOf(params)).toBe("running"));
    await startAudit(AUDITS, { ...params, attempt: 2 });
    expect(await statusOf(params)).toBe("terminated");
    expect(await runs.get()).toHaveLength(2);
  });
});

describe("[B1] while D1 is away", () => {
  it("there is no verdict rather than one without a witness, appends go on, and a later attempt has it", async () => {
    const room = await archivedRoom();
    await env.DB.exec("ALTER TABLE archive_segment RENAME TO archive_segment_away");
    const at = Date.now() + DAY_MS;
    expect(await night(room, at, "errored")).toBe(1);
    expect(await auditOf(room)).toEqual({ last: null, running_since: at });
    expect(await append(room, [event("meanwhile")])).toMatchObject({ accepted: 1 });
    await env.DB.exec("ALTER TABLE archive_segment_away RENAME TO archive_segment");
    expect(await night(room, at + AUDIT_STUCK_MS)).toBe(1);
    expect(await auditOf(room)).toMatchObject({ last: { ok: true, seq: 21 }, running_since: null });
  });
});
