/** Events that are almost right: one drawn from the taxonomy, and one thing about it that the contract refuses. */
import type { Json } from "../../../schema/event/event.ts";
import { SENDER_FIELDS, SERVICE_FIELDS } from "../../../schema/event/envelope.ts";
import {
  MAX_DEPTH,
  MAX_EVENT_BYTES,
  MAX_KEY_CHARS,
  MAX_METRICS,
  MAX_OBJECT_KEYS,
} from "../../../schema/event/limits.ts";
import { definitionOf } from "../../../schema/event/taxonomy.ts";
import { isReservedType, KNOWN_TYPES } from "../../../schema/event/type.ts";
import type { Draw } from "../../replay/fault/draw.ts";
import { TEXTS, valueOf } from "./value.ts";

type Fields = { [key: string]: Json };

export interface Made {
  /** As it is sent. */
  text: string;
  /** Null: none was given. */
  id: string | null;
  /** What the refusal has to name; null: the event is good. */
  names: readonly string[] | null;
  what: string;
}

/** What JSON can say and JSON.stringify cannot write; stands in a value until the text is made. */
const TOO_LARGE_A_NUMBER = "@1e999@";
const SENT_TYPES = KNOWN_TYPES.filter((type) => !isReservedType(type));
const RESERVED_TYPES = KNOWN_TYPES.filter(isReservedType);

/** `nth` makes the id one of its own. */
export function eventOf(draw: Draw, nth: string, now_ms: number): Made {
  const id = draw.chance(0.05) ? null : `odd-${nth}`;
  const event = goodEvent(draw, id, now_ms);
  if (draw.chance(0.35)) return { text: textOf(draw, event), id, names: null, what: "good" };
  const { what, names, sent } = draw.oneOf(BREAKS)(draw, event);
  const given = asFields(sent)?.["id"];
  return { text: textOf(draw, sent), id: typeof given === "string" ? given : null, names, what };
}

function goodEvent(draw: Draw, id: string | null, now_ms: number): Fields {
  const event_type = draw.chance(0.9)
    ? draw.oneOf(listed(SENT_TYPES))
    : draw.oneOf(["deploy.started", "constructor"]);
  const at_ms = now_ms + draw.between(-400 * 86_400_000, 400 * 86_400_000);
  const definition = definitionOf(event_type);
  const metadata: Fields = {};
  for (const [key, field] of definition?.metadataFields ?? [])
    if (definition?.required.includes(key) || draw.chance(0.25)) metadata[key] = valueOf(field.schema, draw);
  if (draw.chance(0.2))
    metadata["an undeclared key"] = draw.oneOf<Json>([...TEXTS, [[]], { constructor: 1 }]);
  const metrics: Fields = {};
  for (const [key, field] of definition?.metricFields ?? [])
    if (draw.chance(0.4)) metrics[key] = valueOf(field.schema, draw);
  if (draw.chance(0.1)) metrics["undeclared"] = draw.oneOf([-0, 1e-300, null]);
  return {
    ...(id === null ? {} : { id }),
    timestamp: draw.chance(0.2)
      ? at_ms
      : new Date(at_ms).toISOString().replace("Z", draw.oneOf(["Z", "z", "99+02:00"])),
    event_type,
    agent_id: draw.oneOf(["coder-a", "__proto__", "é", "a:b"]),
    ...(draw.chance(0.5) ? { task_id: draw.oneOf(["T-1", "toString", "0"]) } : {}),
    ...(draw.chance(0.2) ? { session_id: null } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(Object.keys(metrics).length > 0 ? { metrics } : {}),
  };
}

interface Broken {
  what: string;
  names: readonly string[];
  sent: Json;
}
type Break = (draw: Draw, event: Fields) => Broken;

const CORE = ["timestamp", "event_type", "agent_id"] as const;
const REFS = ["id", "agent_id", "agent_role", "task_id", "feature_id", "session_id"] as const;
const NEAR = (field: string): string[] => [
  field.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()) + "s",
  field.replaceAll("_", "-") + " ",
  field.toUpperCase(),
  field.slice(1),
  field + field.at(-1),
];
const TIMES: Json[] = [
  "2026-11-22T14:23:15",
  "2026-02-30T00:00:00Z",
  "2026-11-22",
  "now",
  "1795357395120",
  1_795_357_395,
  1_795_357_395_120_000,
  1.5,
  -1,
  "1969-12-31T23:59:59Z",
  "2026-11-22T25:00:00Z",
  "2026-11-22T14:23:15+25:00",
  {},
  true,
];
const TYPES: Json[] = [
  "",
  "Task Started",
  "task-started",
  "tâche",
  "x".repeat(65),
  "__proto__",
  ".a",
  "a..",
  7,
  {},
];
/** Of these, each schema of the taxonomy refuses some. */
const ODD: Json[] = [{}, [], true, -1, 1e16, "x", "x".repeat(2_000), [[]], { a: 1 }, 0.5];

const BREAKS: [Break, ...Break[]] = [
  (draw, event) => {
    const field = draw.oneOf(CORE);
    const { [field]: _, ...rest } = event;
    return {
      what: "a core field is missing",
      names: [field],
      sent: draw.chance(0.5) ? rest : { ...event, [field]: null },
    };
  },
  (draw, event) =>
    set(
      event,
      draw.oneOf(REFS),
      draw.oneOf<Json>([7, true, [], {}, ["x"], Infinity]),
      "a reference of another type",
    ),
  (draw, event) =>
    set(
      event,
      draw.oneOf(REFS),
      draw.oneOf(["", "x".repeat(257), "a\ud800", "a\u0000b", "line\n"]),
      "no reference",
    ),
  (draw, event) => set(event, "timestamp", draw.oneOf(listed(TIMES)), "no timestamp"),
  (draw, event) => set(event, "event_type", draw.oneOf(listed(TYPES)), "no event type"),
  (draw, event) => {
    const event_type = draw.oneOf(listed(RESERVED_TYPES));
    return { what: "a reserved type", names: [event_type], sent: { ...event, event_type } };
  },
  (draw, event) =>
    set(
      event,
      draw.oneOf(["agent_id", "id"]),
      draw.oneOf(["clusterfork:alerts", "Clusterfork: x", "clusterfork"]),
      "speaks as Clusterfork",
    ),
  (draw, event) => {
    const near = draw.oneOf(
      listed([...NEAR(draw.oneOf(SENDER_FIELDS)), ...SERVICE_FIELDS, "project_id", "toString"]),
    );
    return { what: "an unknown field", names: [near], sent: { ...event, [near]: 1 } };
  },
  (_, event) => ({
    what: "__proto__ at the top",
    names: ["__proto__"],
    sent: withOwn(event, "__proto__", { id: "x" }),
  }),
  (draw, event) =>
    set(event, draw.oneOf(["metadata", "metrics"]), draw.oneOf<Json>([[], "x", 7, true, [{}]]), "no object"),
  (draw, event) => inside(event, "metadata", nested(MAX_DEPTH + draw.below(5_000)), "too deep"),
  (draw, event) =>
    inside(
      event,
      "metadata",
      draw.oneOf<Json>([TOO_LARGE_A_NUMBER, [TOO_LARGE_A_NUMBER]]),
      "a number too large for JSON",
    ),
  (_, event) => ({
    what: "__proto__ in metadata",
    names: ["metadata", "__proto__"],
    sent: { ...event, metadata: withOwn(asFields(event["metadata"] ?? {}) ?? {}, "__proto__", 1) },
  }),
  (_, event) => inside(event, "metadata", Object.fromEntries(numbered(MAX_OBJECT_KEYS + 1)), "too many keys"),
  (_, event) => ({
    what: "too long a key",
    names: ["metadata"],
    sent: {
      ...event,
      metadata: { ...asFields(event["metadata"] ?? {}), ["k".repeat(MAX_KEY_CHARS + 1)]: 1 },
    },
  }),
  (draw, event) =>
    draw.chance(0.3)
      ? inside(event, "metadata", "x".repeat(MAX_EVENT_BYTES), "too large")
      : wrongField(draw, event),
  wrongField,
  wrongField,
  wrongField,
  wrongMetric,
  wrongMetric,
  (_, event) => ({
    what: "too many metrics",
    names: ["metrics"],
    sent: { ...event, metrics: Object.fromEntries(numbered(MAX_METRICS + 1)) },
  }),
  (_, event) => ({
    what: "__proto__ in metrics",
    names: ["metrics", "__proto__"],
    sent: { ...event, metrics: withOwn({}, "__proto__", 1) },
  }),
  (draw) => ({
    what: "no event",
    names: ["event"],
    sent: draw.oneOf<Json>([null, 3, "x", true, [], [[{}]], nested(40)]),
  }),
];

function set(event: Fields, field: string, value: Json, what: string): Broken {
  return {
    what,
    names: [field],
    sent: { ...event, [field]: value === Infinity ? TOO_LARGE_A_NUMBER : value },
  };
}

function inside(event: Fields, part: "metadata", value: Json, what: string): Broken {
  return { what, names: [part], sent: { ...event, [part]: { ...asFields(event[part] ?? {}), odd: value } } };
}

/** A required field left out, or a declared one with a value that its own schema refuses. */
function wrongField(draw: Draw, event: Fields): Broken {
  const event_type = draw.oneOf(
    listed(SENT_TYPES.filter((type) => (definitionOf(type)?.metadataFields.size ?? 0) > 0)),
  );
  const definition = definitionOf(event_type);
  const sent = { ...event, event_type, metadata: {}, metrics: {} };
  const required = definition?.required[0];
  if (required !== undefined && draw.chance(0.3))
    return { what: "a required field is missing", names: ["metadata", required], sent };
  const [key, field] = draw.oneOf(listed([...(definition?.metadataFields ?? [])]));
  const refused = ODD.filter((value) => !field.schema.safeParse(value).success);
  const rest: Fields = {};
  for (const other of definition?.required ?? [])
    rest[other] = valueOf(definition?.metadataFields.get(other)?.schema ?? field.schema, draw);
  return {
    what: "a field of another type",
    names: ["metadata", key],
    sent: { ...sent, metadata: { ...rest, [key]: draw.oneOf(listed(refused)) } },
  };
}

function wrongMetric(draw: Draw, event: Fields): Broken {
  const key = draw.oneOf(["cost_usd", "input_tokens", "undeclared"]);
  const value = draw.oneOf<Json>(["12", true, [], {}, 1e16, -1e16, TOO_LARGE_A_NUMBER, "NaN"]);
  return { what: "no metric", names: ["metrics", key], sent: { ...event, metrics: { [key]: value } } };
}

const numbered = (count: number) => Array.from({ length: count }, (_, n): [string, Json] => [`k${n}`, n]);
const asFields = (value: Json | undefined): Fields | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;

function nested(depth: number): Json {
  let value: Json = [];
  for (let n = 0; n < depth; n++) value = [value];
  return value;
}

/** As JSON.parse makes it: a key of its own, not a prototype. */
function withOwn(fields: Fields, key: string, value: Json): Fields {
  return Object.defineProperty({ ...fields }, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** oneOf wants to know that there is one. */
export function listed<T>(values: readonly T[]): [T, ...T[]] {
  const [first, ...rest] = values;
  if (first === undefined) throw new Error("nothing to draw from");
  return [first, ...rest];
}

/** JSON, sometimes as only a strange writer has it: keys twice (the last counts), odd spaces, numbers in another form. */
function textOf(draw: Draw, value: Json): string {
  let text = deep(value) ?? JSON.stringify(value);
  text = text.replaceAll(`"${TOO_LARGE_A_NUMBER}"`, () => draw.oneOf(["1e999", "-1e999"]));
  if (text.startsWith("{") && text.length > 2 && draw.chance(0.1))
    text = `{"agent_id":{"not":["this"]},${text.slice(1)}`;
  if (draw.chance(0.05)) text = ` \t${text}\r `;
  return text;
}

/** JSON.stringify runs out of stack some thousand levels down. */
function deep(value: Json): string | null {
  let depth = 0;
  let inner = asFields(asFields(value)?.["metadata"])?.["odd"];
  for (; Array.isArray(inner); inner = inner[0]) depth++;
  if (depth < 1_000) return null;
  const text = JSON.stringify({ ...asFields(value), metadata: { odd: "@deep@" } });
  return text.replace('"@deep@"', "[".repeat(depth) + "]".repeat(depth));
}
