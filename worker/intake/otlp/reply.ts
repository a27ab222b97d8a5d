/** Replies in the type of the request: Export…ServiceResponse and google.rpc.Status. */
import { PbfWriter } from "pbf";
import type { Encoding } from "./decode.ts";
import { SIGNAL, type Signal } from "./signal.ts";

export const MEDIA_TYPE: Readonly<Record<Encoding, string>> = {
  json: "application/json",
  protobuf: "application/x-protobuf",
};

/** What of a request was not taken; `rejected` 0 with a message is a warning. */
export interface Partial {
  rejected: number;
  message: string;
}

/** Null: all of it was taken. */
export function encodeResponse(
  signal: Signal,
  partial: Partial | null,
  encoding: Encoding,
): Uint8Array<ArrayBuffer> {
  if (encoding === "json") {
    const { rejected } = SIGNAL[signal];
    return encodeJson(
      // 64-bit integers are text in OTLP's JSON.
      partial === null
        ? {}
        : { partialSuccess: { [rejected]: String(partial.rejected), errorMessage: partial.message } },
    );
  }
  const writer = new PbfWriter();
  if (partial !== null) {
    writer.writeMessage(
      1,
      (part: Partial, pbf: PbfWriter) => {
        if (part.rejected > 0) pbf.writeVarintField(1, part.rejected);
        pbf.writeStringField(2, part.message);
      },
      partial,
    );
  }
  return new Uint8Array(writer.finish());
}

/** google.rpc.Code by the HTTP status; 2, unknown, for any other. */
const CODES: ReadonlyMap<number, number> = new Map([
  [400, 3],
  [401, 16],
  [403, 7],
  [404, 5],
  [413, 8],
  [415, 3],
  [429, 8],
  [500, 13],
  [503, 14],
]);

export function encodeStatus(status: number, message: string, encoding: Encoding): Uint8Array<ArrayBuffer> {
  const code = CODES.get(status) ?? 2;
  if (encoding === "json") return encodeJson({ code, message });
  const writer = new PbfWriter();
  writer.writeVarintField(1, code);
  writer.writeStringField(2, message);
  return new Uint8Array(writer.finish());
}

function encodeJson(body: object): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(JSON.stringify(body)));
}
