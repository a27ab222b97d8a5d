/** The three signals: their names on the wire, and the records in a request of OTLP's JSON shape. */
import { readAttributes, type Attributes } from "./value.ts";
import { LOGS_REQUEST, METRICS_REQUEST, TRACES_REQUEST } from "./message.ts";
import type { Message } from "./protobuf.ts";

export const SIGNALS = ["traces", "logs", "metrics"] as const;
export type Signal = (typeof SIGNALS)[number];

interface Names {
  request: Message;
  resources: string;
  scopes: string;
  records: string;
  /** Of `partialSuccess`. */
  rejected: string;
}

export const SIGNAL: Readonly<Record<Signal, Names>> = {
  traces: {
    request: TRACES_REQUEST,
    resources: "resourceSpans",
    scopes: "scopeSpans",
    records: "spans",
    rejected: "rejectedSpans",
  },
  logs: {
    request: LOGS_REQUEST,
    resources: "resourceLogs",
    scopes: "scopeLogs",
    records: "logRecords",
    rejected: "rejectedLogRecords",
  },
  metrics: {
    request: METRICS_REQUEST,
    resources: "resourceMetrics",
    scopes: "scopeMetrics",
    records: "metrics",
    rejected: "rejectedDataPoints",
  },
};

/** What every record of a request has around it. */
export interface Origin {
  resource: Attributes;
  scope: string;
}

export interface RawRecord extends Origin {
  /** Place in the request, from 0. */
  index: number;
  raw: unknown;
}

/** Every record with its resource and scope; what is not built so is left out, as an unknown field is. */
export function recordsOf(payload: unknown, signal: Signal): RawRecord[] {
  const { resources, scopes, records } = SIGNAL[signal];
  const found: RawRecord[] = [];
  for (const resource of listIn(payload, resources)) {
    const attributes = readAttributes(fieldOf(fieldOf(resource, "resource"), "attributes"));
    for (const scope of listIn(resource, scopes)) {
      const name = fieldOf(fieldOf(scope, "scope"), "name");
      const origin: Origin = { resource: attributes, scope: typeof name === "string" ? name : "" };
      for (const raw of listIn(scope, records)) found.push({ ...origin, index: found.length, raw });
    }
  }
  return found;
}

export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

export function listIn(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}
