/** Requests to `POST /v1/events`: some events, most of them broken, in every form that is taken, and forms that are none. */
import { gzipSync } from "node:zlib";
import { MAX_BODY_BYTES, MAX_EVENTS_PER_REQUEST } from "../../../schema/event/limits.ts";
import type { Draw } from "../../replay/fault/draw.ts";
import { eventOf, listed, type Made } from "./event.ts";

/** What has to become of one event of a request. */
export type Fate = { is: "stored" | "known" | "conflict" } | { is: "refused"; names: readonly string[] };

export interface Asked {
  what: string;
  headers: { [name: string]: string };
  path: string;
  body: Uint8Array;
  /**
   * By its place in the request; null: nothing of the request may be taken; "either": a change at random, after which
   * any of it may be right, and the ids that can be read in it.
   */
  expected: { events: { id: string | null; fate: Fate }[] } | null | { either: (string | null)[] };
}

const utf8 = new TextEncoder();
const BYTE_ORDER_MARK = "\ufeff";

/** `known`: an event that was stored, to be sent again. `stored`: one that is, once this request is answered. */
export function bodyOf(
  draw: Draw,
  nth: number,
  now_ms: number,
  known: Made | null,
): { asked: Asked; stored: Made | null } {
  const made = Array.from({ length: draw.oneOf([1, 1, 2, 3, 5]) }, (_, at) =>
    eventOf(draw, `${nth}-${at}`, now_ms),
  );
  const events = made.map((one) => ({ ...one, fate: fateOf(one) }));
  // Once more in the same request, as it was or altered, and one of an earlier request.
  const again = events.find(({ id, fate }) => id !== null && fate.is === "stored");
  if (again !== undefined && draw.chance(0.3)) {
    if (draw.chance(0.5)) events.push({ ...again, fate: { is: "known" } });
    else events.push({ ...again, text: altered(again.text), fate: { is: "conflict" } });
  }
  if (known !== null && draw.chance(0.2)) events.push({ ...known, fate: { is: "known" } });
  else if (known !== null && draw.chance(0.02))
    events.splice(0, events.length, { ...known, text: altered(known.text), fate: { is: "conflict" } });

  const lines = draw.chance(0.35);
  const texts = events.map(({ text }) => text);
  // A line break inside an event's text is one more line.
  const whole = lines
    ? texts.map(oneLine).join(draw.oneOf(["\n", "\n", "\r\n", "\n\n"]))
    : documentOf(draw, texts);
  const what = events.map((one) => one.what).join(", ");
  const good: Asked = {
    what,
    path: "/v1/events",
    headers: { "content-type": lines ? draw.oneOf(LINES) : draw.oneOf(DOCUMENTS) },
    body: utf8.encode(draw.chance(0.05) ? BYTE_ORDER_MARK + whole : whole),
    expected: { events: events.map(({ id, fate }) => ({ id, fate })) },
  };
  const asked = draw.chance(0.3) ? draw.oneOf(SPOILT)(draw, good, whole, lines) : good;
  return {
    asked: draw.chance(0.15) && !("content-encoding" in asked.headers) ? packed(asked) : asked,
    stored:
      asked === good ? (events.find(({ id, fate }) => id !== null && fate.is === "stored") ?? null) : null,
  };
}

function fateOf({ names }: Made): Fate {
  return names === null ? { is: "stored" } : { is: "refused", names };
}

const LINES = listed(["application/x-ndjson", "application/jsonl", "Application/NDJSON; charset=UTF-8"]);
const DOCUMENTS = listed([
  "application/json",
  "application/json;charset=utf-8",
  'APPLICATION/JSON; charset="utf-8"',
]);
const oneLine = (text: string) => text.replaceAll(/[\r\n]/g, " ");

/** Another body under the same id. */
const altered = (text: string) => text.replace(/\}\s*$/, ',"agent_role":"another"}');

function documentOf(draw: Draw, texts: readonly string[]): string {
  const [only] = texts;
  if (texts.length === 1 && only !== undefined && draw.chance(0.5) && !only.trimStart().startsWith("["))
    return only;
  const list = `[${texts.join(draw.oneOf([",", " ,\n\t"]))}]`;
  return draw.chance(0.5) ? list : `{"events":${list}}`;
}

function packed(asked: Asked): Asked {
  return {
    ...asked,
    headers: { ...asked.headers, "content-encoding": "gzip" },
    body: gzipSync(asked.body, { level: 1 }),
  };
}

type Spoil = (draw: Draw, good: Asked, whole: string, lines: boolean) => Asked;

function refused(what: string, good: Asked, change: Partial<Asked>): Asked {
  return { ...good, expected: null, ...change, what: `${what}: ${good.what}` };
}

const SPOILT: [Spoil, ...Spoil[]] = [
  // Of lines, the whole ones still count: what is left of them is read as anybody would.
  (draw, good, whole, lines) => {
    const cut = whole.trim().slice(0, draw.below(whole.trim().length));
    const change = { body: utf8.encode(cut) };
    return lines ? either("cut", good, cut, lines, change) : refused("cut", good, change);
  },
  (draw, good, whole, lines) => {
    const at = draw.below(whole.length);
    const changed =
      whole.slice(0, at) + draw.oneOf(['"', "{", "]", ",", "\\", "0", "\u0000", ""]) + whole.slice(at + 1);
    return either("one character changed", good, changed, lines, { body: utf8.encode(changed) });
  },
  (draw, good) =>
    refused("a type that is not read", good, { headers: { "content-type": draw.oneOf(OTHER_TYPES) } }),
  (draw, good) => {
    const coding = draw.oneOf(["br", "deflate", "gzip, gzip", "zstd"]);
    return refused("a coding that is not read", good, {
      headers: { ...good.headers, "content-encoding": coding },
    });
  },
  (draw, good) => {
    const gzip = gzipSync(good.body, { level: 1 });
    const end = draw.chance(0.5) ? gzip.slice(0, draw.below(gzip.length)) : good.body;
    return refused("no gzip", good, { headers: { ...good.headers, "content-encoding": "gzip" }, body: end });
  },
  (draw, good, whole, lines) => {
    const gzip = gzipSync(good.body, { level: 1 });
    gzip[draw.below(gzip.length)] = draw.below(256);
    const headers = { ...good.headers, "content-encoding": "gzip" };
    return either("gzip with a wrong byte", good, whole, lines, { headers, body: gzip });
  },
  (_, good, whole, lines) => {
    const body = utf8
      .encode(whole.replace("agent_id", "agent_id\u00ff"))
      .map((byte) => (byte === 0xc3 ? 0xff : byte));
    return lines
      ? either("no UTF-8", good, whole, lines, { body })
      : refused("no UTF-8", good, { body: with0xff(body) });
  },
  (_, good, whole, lines) => {
    const body = new Uint8Array(
      new Uint16Array([0xfeff, ...Array.from(whole, (each) => each.charCodeAt(0))]).buffer,
    );
    return lines ? either("UTF-16", good, null, lines, { body }) : refused("UTF-16", good, { body });
  },
  (draw, good) =>
    refused("no body", good, {
      body: utf8.encode(draw.oneOf(["", " ", "\ufeff", "{", "nul", "'x'", "NaN", "\u0000"])),
      headers: { "content-type": "application/json" },
    }),
  (_, good, whole) => {
    const beside = whole.startsWith('{"events":')
      ? whole.replace("{", '{"project":"x",')
      : `{"events":{},"a":${JSON.stringify(whole)}}`;
    return refused("something beside the events", good, {
      body: utf8.encode(beside),
      headers: { "content-type": "application/json" },
    });
  },
  (draw, good) =>
    refused("a parameter that is none", good, {
      path: `/v1/events?${draw.oneOf(["project=x", "since=0", "__proto__=1"])}`,
    }),
  (draw, good) => {
    const source = draw.oneOf(["Clusterfork", "clusterfork", "a b", "x".repeat(33), "<script>"]);
    return refused("a source that is none", good, {
      headers: { ...good.headers, "clusterfork-source": source },
    });
  },
  (draw, good) => (draw.chance(0.1) ? refused("far too much", good, flood(draw)) : good),
];

const OTHER_TYPES = listed([
  "",
  "text/plain",
  "application/json; charset=utf-16",
  "application/json; charset=latin1",
  "multipart/form-data; boundary=x",
  "application/jsonx",
  "\u00e9/json",
]);

function with0xff(body: Uint8Array): Uint8Array {
  const result = body.slice();
  result[result.length >> 1] = 0xff;
  return result;
}

/** Bodies whose size is the trouble. They cost what a hundred others do, so they are few. */
function flood(draw: Draw): Partial<Asked> {
  const headers = { "content-type": "application/json" };
  const way = draw.below(4);
  if (way === 0) return { headers, body: utf8.encode(`[${"0,".repeat(MAX_EVENTS_PER_REQUEST)}0]`) };
  if (way === 1) return { headers, body: utf8.encode("[".repeat(200_000)) };
  if (way === 2) return { headers, body: new Uint8Array(MAX_BODY_BYTES + 1).fill(0x20) };
  const bomb = gzipSync(new Uint8Array(8 * MAX_BODY_BYTES), { level: 1 });
  return { headers: { ...headers, "content-encoding": "gzip" }, body: bomb };
}

function either(
  what: string,
  good: Asked,
  text: string | null,
  lines: boolean,
  change: Partial<Asked>,
): Asked {
  return {
    ...good,
    ...change,
    what: `${what}: ${good.what}`,
    expected: { either: text === null ? [] : idsIn(text, lines) },
  };
}

/** As any reader finds them. */
function idsIn(text: string, lines: boolean): (string | null)[] {
  const parts = lines ? text.split("\n").filter((line) => line.trim() !== "") : [text];
  return parts.flatMap((part) => {
    try {
      const parsed: unknown = JSON.parse(part.replace(BYTE_ORDER_MARK, ""));
      const events = lines ? [parsed] : Array.isArray(parsed) ? parsed : (eventsIn(parsed) ?? [parsed]);
      return events.map(idIn);
    } catch {
      // Not JSON: it has no ids, and keeps its place.
      return [null];
    }
  });
}

function eventsIn(value: unknown): unknown[] | null {
  if (typeof value !== "object" || value === null || !("events" in value)) return null;
  return Array.isArray(value.events) ? value.events : null;
}

function idIn(value: unknown): string | null {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string"
    ? value.id
    : null;
}
