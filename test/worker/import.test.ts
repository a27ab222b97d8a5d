/** Each importer's events, with the room evicted between any two requests and a viewer looking on. */
import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { mapBeads } from "../../cli/import/beads.ts";
import { mapClaudeCode } from "../../cli/import/claude-code/claude-code.ts";
import * as line from "../../cli/import/claude-code/miniature.test-data.ts";
import { mapGastown } from "../../cli/import/gastown/gastown.ts";
import type { LineOutcome } from "../../cli/import/lines.ts";
import { mapNdjson } from "../../cli/import/ndjson.ts";
import { Tally } from "../../cli/import/outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { AppendResponse, StateResponse } from "../../schema/wire/http.ts";
import { SOURCES, type Source } from "../sample/formats.ts";
import type { RoomStub } from "./prepared.ts";
import { asKey, migrate, openSocket, signUp, type Account, type Socket } from "./server.ts";

beforeAll(migrate);

async function* linesOf(name: string, text: string): AsyncGenerator<LineOutcome> {
  for (const [index, one] of text.split("\n").entries()) yield { text: one, at: `${name}:${index + 1}` };
}

async function mapped({ format, files }: Source): Promise<OutgoingEvent[]> {
  const tally = new Tally();
  const names = Object.keys(files);
  const open = (name: string) => linesOf(name, files[name] ?? "");
  async function* all() {
    for (const name of names) yield* open(name);
  }
  switch (format) {
    case "beads":
      return [...(await mapBeads(all(), tally))];
    case "gastown":
      return [...(await mapGastown(all(), tally))];
    case "claude-code": {
      const transcripts = names.map((path) => ({ path, session: null, agent: null, agent_type: null }));
      return [...(await mapClaudeCode(transcripts, { open, peek: open }, tally, line.LONG_AFTER))];
    }
    case "ndjson": {
      const events: OutgoingEvent[] = [];
      for await (const event of mapNdjson(names.map(open), tally)) events.push(event);
      return events;
    }
  }
}

async function send(account: Account, events: readonly OutgoingEvent[]): Promise<AppendResponse> {
  const body = events.map((event) => JSON.stringify(event)).join("\n");
  const headers = { "content-type": "application/x-ndjson" };
  const reply = await asKey(account.keys.ingest, "/v1/events", { method: "POST", headers, body });
  expect(reply.status).toBe(200);
  return reply.json<AppendResponse>();
}

const stateOf = async (account: Account) =>
  (await (await asKey(account.keys.read, "/v1/state")).json<StateResponse>()).state;

const BATCH = 9;
it.each(SOURCES)(
  "[S1] [V1] $format: evicted at every request, all is stored once and seen once",
  async (source) => {
    const events = await mapped(source);
    expect(events.length).toBeGreaterThan(3 * BATCH);
    const quiet = await signUp("Undisturbed");
    await send(quiet, events);

    const struck = await signUp("Evicted");
    const room = env.ROOM.get(env.ROOM.idFromName(struck.project.id)) as unknown as RoomStub;
    const socket: Socket = await openSocket("/v1/stream?since=0", {
      authorization: `Bearer ${struck.keys.read}`,
      "sec-websocket-protocol": "clusterfork.v1",
    });
    const frames: { from: number; to: number; events: StoredEvent[] }[] = [];
    for (let from = 0; from < events.length; from += BATCH) {
      const batch = events.slice(from, from + BATCH);
      expect(await send(struck, batch)).toMatchObject({ accepted: batch.length, duplicates: 0 });
      const to = from + batch.length;
      const frame = await socket.message((message) => message.type === "events" && Number(message.to) >= to);
      frames.push(frame as unknown as (typeof frames)[number]);
      await evictDurableObject(room);
      // Sent again to a room that has forgotten everything but what is on disk.
      expect(await send(struck, batch)).toMatchObject({ accepted: 0, duplicates: batch.length });
      await evictDurableObject(room);
    }
    socket.close();
    const seen = frames.flatMap(({ events: shown }) => shown.map(({ seq, id }) => [seq, id]));
    expect(seen).toEqual(events.map(({ id }, index) => [index + 1, id]));
    expect(frames.every(({ from }, index) => from === (frames[index - 1]?.to ?? 0) + 1)).toBe(true);
    expect(await stateOf(struck)).toEqual(await stateOf(quiet));
  },
);
