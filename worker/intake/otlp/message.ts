/** OTLP's messages by field number (opentelemetry-proto, `*_service.proto`): the fields that are read; all others are skipped. */
import type { Message, MessageField } from "./protobuf.ts";

type Row = [number: number, name: string, kind: MessageField["kind"]];

function message(one: readonly Row[], many: readonly Row[] = []): Message {
  return new Map<number, MessageField>([
    ...one.map(([number, name, kind]): [number, MessageField] => [number, { name, kind }]),
    ...many.map(([number, name, kind]): [number, MessageField] => [number, { name, kind, repeated: true }]),
  ]);
}

const KEY_VALUE: Message = message([
  [1, "key", "string"],
  [2, "value", () => ANY_VALUE],
]);
const ARRAY: Message = message([], [[1, "values", () => ANY_VALUE]]);
const LIST: Message = message([], [[1, "values", KEY_VALUE]]);
const ANY_VALUE: Message = message([
  [1, "stringValue", "string"],
  [2, "boolValue", "bool"],
  [3, "intValue", "int"],
  [4, "doubleValue", "double"],
  [5, "arrayValue", ARRAY],
  [6, "kvlistValue", LIST],
  [7, "bytesValue", "base64"],
]);
const RESOURCE = message([], [[1, "attributes", KEY_VALUE]]);
const SCOPE = message([
  [1, "name", "string"],
  [2, "version", "string"],
]);

const SPAN_EVENT = message(
  [
    [1, "timeUnixNano", "fixed64"],
    [2, "name", "string"],
  ],
  [[3, "attributes", KEY_VALUE]],
);
const STATUS = message([
  [2, "message", "string"],
  [3, "code", "uint"],
]);
const SPAN = message(
  [
    [1, "traceId", "hex"],
    [2, "spanId", "hex"],
    [4, "parentSpanId", "hex"],
    [5, "name", "string"],
    [7, "startTimeUnixNano", "fixed64"],
    [8, "endTimeUnixNano", "fixed64"],
    [15, "status", STATUS],
  ],
  [
    [9, "attributes", KEY_VALUE],
    [11, "events", SPAN_EVENT],
  ],
);

const LOG_RECORD = message(
  [
    [1, "timeUnixNano", "fixed64"],
    [5, "body", ANY_VALUE],
    [9, "traceId", "hex"],
    [10, "spanId", "hex"],
    [11, "observedTimeUnixNano", "fixed64"],
    [12, "eventName", "string"],
  ],
  [[6, "attributes", KEY_VALUE]],
);

const NUMBER_POINT = message(
  [
    [2, "startTimeUnixNano", "fixed64"],
    [3, "timeUnixNano", "fixed64"],
    [4, "asDouble", "double"],
    [6, "asInt", "sfixed64"],
  ],
  [[7, "attributes", KEY_VALUE]],
);
const HISTOGRAM_POINT = message(
  [
    [2, "startTimeUnixNano", "fixed64"],
    [3, "timeUnixNano", "fixed64"],
    [4, "count", "fixed64"],
    [5, "sum", "double"],
  ],
  [[9, "attributes", KEY_VALUE]],
);
const SUMMARY_POINT = message([[3, "timeUnixNano", "fixed64"]], [[7, "attributes", KEY_VALUE]]);
const EXPONENTIAL_POINT = message([[3, "timeUnixNano", "fixed64"]], [[1, "attributes", KEY_VALUE]]);
const points = (point: Message): Message =>
  message([[2, "aggregationTemporality", "uint"]], [[1, "dataPoints", point]]);
const METRIC = message([
  [1, "name", "string"],
  [3, "unit", "string"],
  [5, "gauge", points(NUMBER_POINT)],
  [7, "sum", points(NUMBER_POINT)],
  [9, "histogram", points(HISTOGRAM_POINT)],
  [10, "exponentialHistogram", points(EXPONENTIAL_POINT)],
  [11, "summary", points(SUMMARY_POINT)],
]);

/** Request, resource and scope differ between the signals by names alone. */
function request(resources: string, scopes: string, records: string, record: Message): Message {
  const scope = message([[1, "scope", SCOPE]], [[2, records, record]]);
  const resource = message([[1, "resource", RESOURCE]], [[2, scopes, scope]]);
  return message([], [[1, resources, resource]]);
}

export const TRACES_REQUEST = request("resourceSpans", "scopeSpans", "spans", SPAN);
export const LOGS_REQUEST = request("resourceLogs", "scopeLogs", "logRecords", LOG_RECORD);
export const METRICS_REQUEST = request("resourceMetrics", "scopeMetrics", "metrics", METRIC);
