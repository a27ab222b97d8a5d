/** Events and rooms for tests, as worker/intake and worker/account would make them. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import { expect, vi } from "vitest";
import { packEvents, type PreparedEvent } from "../../schema/event/batch.ts";
import { EVENT_VERSION, type NewEvent } from "../../schema/event/event.ts";
import type { Appended, Principal, Refusal } from "../../worker/room/contract.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";

export type RoomStub = DurableObjectStub<ProjectRoom>;

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A room of its own: storage is isolated per file, not per test. */
export function freshRoom(): RoomStub {
  const room = env.ROOM.get(env.ROOM.idFromName(`p${crypto.randomUUID()}`));
  return room as unknown as RoomStub;
}

export const own: Principal = { kind: "clusterfork" };

/** An event with `id`; the body hash is that of `body`, or of what the event says. */
export function event(id: string, fields: Partial<NewEvent> = {}, body?: string): PreparedEvent {
  const whole: NewEvent = {
    id,
    timestamp: "2026-11-22T14:23:15.120Z",
    event_type: "task_started",
    agent_id: "coder-a",
    task_id: "TASK-1",
    source: "api",
    key_id: "k",
    v: EVENT_VERSION,
    ...fields,
  };
  const json = JSON.stringify(whole);
  return { id, body_hash: sha256(body ?? json), json };
}

export const events = (from: number, to: number, fields: Partial<NewEvent> = {}): PreparedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => event(`e${from + i}`, fields));

export async function append(room: RoomStub, prepared: PreparedEvent[]): Promise<Appended> {
  const reply = await room.append(own, packEvents(prepared));
  expect(reply).toMatchObject({ ok: true });
  return reply as Appended;
}

export async function readAll(room: RoomStub): Promise<string[]> {
  const texts: string[] = [];
  for (let since: number | null = 0; since !== null;) {
    const page: { ok: true; events: string[]; next: number | null } | Refusal = await room.readLog(own, {
      since,
      limit: 1_000,
    });
    if (!page.ok) throw new Error(page.reason);
    texts.push(...page.events);
    since = page.next;
  }
  return texts;
}

/** The last seq. */
export async function headOf(room: RoomStub): Promise<number> {
  const reply = await room.readState(own);
  if (!reply.ok) throw new Error(reply.reason);
  return reply.seq;
}

/** Lets the room's alarm come, each time so much later by its clock, until it has said by itself what there is to say. */
export async function rest(room: RoomStub, step_ms = 60_000): Promise<void> {
  for (let n = 1; n <= 10; n += 1) {
    const before = await headOf(room);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + n * step_ms });
    await runDurableObjectAlarm(room);
    vi.useRealTimers();
    // What it says is copied a minute later.
    if (n > 2 && (await headOf(room)) === before) return;
  }
  throw new Error("the room does not stop talking");
}

export async function stateOf(room: RoomStub): Promise<string> {
  const reply = await room.readState(own);
  if (!reply.ok) throw new Error(reply.reason);
  return reply.state;
}

/** A key that the room knows. */
export async function newKey(room: RoomStub, key_id: string, scopes: ("ingest" | "read" | "admin")[]) {
  const secret_sha256 = sha256(`secret of ${key_id}`);
  await room.putKey({ key_id, secret_sha256, scopes });
  return { kind: "key", key_id, secret_sha256 } satisfies Principal;
}
