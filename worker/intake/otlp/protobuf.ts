/**
 * Protobuf into the shape of OTLP's JSON, by a table of messages, so that all
 * that follows reads one shape.
 *
 * pbf trusts the lengths it reads; here each is compared with what is left before
 * anything is sliced, so a length of 100 MB in a body of 10 bytes allocates nothing.
 */
import { PbfReader } from "pbf";
import { MAX_PARTS, MAX_VALUE_DEPTH } from "./limits.ts";

export type FieldKind =
  | "string"
  /** Ids: hex, as in OTLP's JSON. */
  | "hex"
  | "base64"
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "fixed64"
  | "sfixed64"
  | Message;

export interface MessageField {
  name: string;
  /** A function where messages refer to each other in a circle. */
  kind: Exclude<FieldKind, Message> | Message | (() => Message);
  repeated?: true;
}

export type Message = ReadonlyMap<number, MessageField>;

export type Plain = { [name: string]: unknown };

export class MalformedProtobuf extends Error {}

/** More messages than MAX_PARTS. */
export class TooManyParts extends Error {}

/** Deep enough for every message around the values of attributes. */
const MAX_MESSAGE_DEPTH = 16 + 3 * MAX_VALUE_DEPTH;

/** Throws MalformedProtobuf and TooManyParts. */
export function decodeMessage(bytes: Uint8Array, message: Message): Plain {
  try {
    return readMessage(new PbfReader(bytes), message, { depth: 1, count: { messages: 0 } });
  } catch (error) {
    if (error instanceof MalformedProtobuf || error instanceof TooManyParts) throw error;
    // pbf's own: a varint without an end, an unknown wire type, a number beyond the last byte.
    throw new MalformedProtobuf(error instanceof Error ? error.message : String(error));
  }
}

const WIRE_TYPES: Record<Exclude<FieldKind, Message>, number> = {
  bool: 0,
  int: 0,
  uint: 0,
  double: 1,
  fixed64: 1,
  sfixed64: 1,
  string: 2,
  hex: 2,
  base64: 2,
};

/** Where a message is: how deep, and what the whole request holds so far. */
interface Place {
  depth: number;
  count: { messages: number };
}

function readMessage(pbf: PbfReader, message: Message, place: Place): Plain {
  if (++place.count.messages > MAX_PARTS) throw new TooManyParts();
  const end = pbf.length;
  const plain: Plain = {};
  while (pbf.pos < end) {
    const number = pbf.nextField(end);
    if (number === 0) throw new MalformedProtobuf("a field has the number 0");
    const field = message.get(number);
    const kind = typeof field?.kind === "function" ? field.kind() : field?.kind;
    // Another wire type than the schema's is an unknown field, too.
    if (field === undefined || kind === undefined || pbf.type !== wireType(kind)) {
      pbf.skip(pbf.type);
      continue;
    }
    const value = readValue(pbf, end, kind, place);
    if (value === undefined) continue;
    if (field.repeated === undefined) plain[field.name] = value;
    else {
      const list = plain[field.name];
      if (Array.isArray(list)) list.push(value);
      else plain[field.name] = [value];
    }
  }
  if (pbf.pos > end) throw new MalformedProtobuf("a field reaches beyond its message");
  return plain;
}

function wireType(kind: FieldKind): number {
  return typeof kind === "string" ? WIRE_TYPES[kind] : 2;
}

function readValue(pbf: PbfReader, end: number, kind: FieldKind, { depth, count }: Place): unknown {
  switch (kind) {
    case "bool":
      return pbf.readBoolean();
    case "int":
      return pbf.readVarint(true);
    case "uint":
      return pbf.readVarint();
    case "double":
      return pbf.readDouble();
    case "fixed64":
      return pbf.readFixed64();
    case "sfixed64":
      return pbf.readSFixed64();
    case "string":
      return UTF8.decode(readBytes(pbf, end));
    case "hex":
      return toHex(readBytes(pbf, end));
    case "base64":
      return toBase64(readBytes(pbf, end));
    default: {
      const bytes = readBytes(pbf, end);
      if (depth >= MAX_MESSAGE_DEPTH) return undefined;
      return readMessage(new PbfReader(bytes), kind, { depth: depth + 1, count });
    }
  }
}

const UTF8 = new TextDecoder();

function readBytes(pbf: PbfReader, end: number): Uint8Array {
  const length = pbf.readVarint();
  if (length > end - pbf.pos) throw new MalformedProtobuf("a length reaches beyond its message");
  const bytes = pbf.buf.subarray(pbf.pos, pbf.pos + length);
  pbf.pos += length;
  return bytes;
}

/** A trace's id; what is longer is none, and no text is made of it. */
const MAX_ID_BYTES = 16;

function toHex(bytes: Uint8Array): string {
  if (bytes.length > MAX_ID_BYTES) return "";
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
