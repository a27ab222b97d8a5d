import { PbfWriter } from "pbf";
import { describe, expect, it } from "vitest";
import { decodeRequest } from "./decode.ts";
import { MAX_PARTS, MAX_RECORDS, MAX_VALUE_DEPTH } from "./limits.ts";
import { encodeResponse, encodeStatus } from "./reply.ts";
import { readAnyValue, readAttributes } from "./value.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A protobuf AnyValue of lists in lists, around a text. */
function nested(levels: number): (value: unknown, pbf: PbfWriter) => void {
  return (_, pbf) => {
    if (levels === 0) pbf.writeStringField(1, "innermost");
    else
      pbf.writeMessage(
        5,
        (_list: unknown, list: PbfWriter) => list.writeMessage(1, nested(levels - 1), null),
        null,
      );
  };
}

function requestOf(levels: number): Uint8Array {
  const writer = new PbfWriter();
  writer.writeMessage(
    1,
    (_, resource) =>
      resource.writeMessage(
        1,
        (_inside: unknown, pbf: PbfWriter) =>
          pbf.writeMessage(
            1,
            (_attribute: unknown, attribute: PbfWriter) => {
              attribute.writeStringField(1, "deep");
              attribute.writeMessage(2, nested(levels), null);
            },
            null,
          ),
        null,
      ),
    null,
  );
  return writer.finish();
}

describe("protobuf", () => {
  it("is read into the shape of OTLP's JSON", () => {
    expect(decodeRequest(requestOf(1), "protobuf", "traces")).toEqual({
      ok: true,
      records: 0,
      payload: {
        resourceSpans: [
          {
            resource: {
              attributes: [
                { key: "deep", value: { arrayValue: { values: [{ stringValue: "innermost" }] } } },
              ],
            },
          },
        ],
      },
    });
  });

  it("is refused at every length but the whole one, without a throw", () => {
    const whole = requestOf(2);
    for (let length = 1; length < whole.length; length++) {
      expect(decodeRequest(whole.subarray(0, length), "protobuf", "traces"), String(length)).toMatchObject({
        ok: false,
        code: "malformed",
      });
    }
  });

  it("of any bytes is read or refused", () => {
    let seed = 7;
    const next = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31);
    for (let round = 0; round < 2_000; round++) {
      const random = Uint8Array.from({ length: next() % 60 }, () => next() % 256);
      expect(typeof decodeRequest(random, "protobuf", "metrics").ok).toBe("boolean");
    }
  });

  it("promising more than is there allocates nothing", () => {
    const before_bytes = process.memoryUsage().rss;
    for (const promise of [
      [0x0a, 0x80, 0xc2, 0xd7, 0x2f],
      [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    ]) {
      expect(decodeRequest(Uint8Array.from(promise), "protobuf", "logs").ok).toBe(false);
    }
    expect(process.memoryUsage().rss - before_bytes).toBeLessThan(32 * 1024 * 1024);
  });

  it("nested a thousand levels deep is read, and the value is left out", () => {
    expect(decodeRequest(requestOf(1_000), "protobuf", "traces").ok).toBe(true);
  });

  it("of more messages than the limit is refused, two bytes each as they may be", () => {
    const empty = (count: number) => new Uint8Array(2 * count).map((_, at) => (at % 2 === 0 ? 0x0a : 0));
    expect(decodeRequest(empty(MAX_PARTS), "protobuf", "traces")).toMatchObject({ code: "too_large" });
    expect(decodeRequest(empty(1_000), "protobuf", "traces").ok).toBe(true);
  });

  it("with an id of megabytes makes no text of it", () => {
    const span = new PbfWriter();
    const id = new Uint8Array(1_000_000);
    span.writeMessage(
      1,
      (_, resource) =>
        resource.writeMessage(
          2,
          (_a: unknown, scope: PbfWriter) =>
            scope.writeMessage(2, (_b: unknown, one: PbfWriter) => one.writeBytesField(1, id), null),
          null,
        ),
      null,
    );
    const read = decodeRequest(span.finish(), "protobuf", "traces");
    expect(read).toMatchObject({
      payload: { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: "" }] }] }] },
    });
  });
});

describe("values", () => {
  it("nested deeper than the limit are left out", () => {
    const deep = (levels: number): object =>
      levels === 0 ? { stringValue: "x" } : { arrayValue: { values: [deep(levels - 1)] } };
    expect(JSON.stringify(readAnyValue(deep(MAX_VALUE_DEPTH - 1), 1))).toContain("x");
    expect(JSON.stringify(readAnyValue(deep(MAX_VALUE_DEPTH), 1))).not.toContain("x");
  });

  it("of 64 bits are read from text and from numbers", () => {
    expect(readAnyValue({ intValue: "12" }, 1)).toBe(12);
    expect(readAnyValue({ intValue: 12 }, 1)).toBe(12);
    expect(readAnyValue({ intValue: "twelve" }, 1)).toBeNull();
  });

  it("[P2] named __proto__ are data", () => {
    const attributes = readAttributes([
      {
        key: "__proto__",
        value: { kvlistValue: { values: [{ key: "__proto__", value: { stringValue: "x" } }] } },
      },
    ]);
    expect(attributes.get("__proto__")).toEqual({});
    expect(Object.getPrototypeOf(attributes.get("__proto__"))).toBe(Object.prototype);
  });
});

describe("JSON", () => {
  it.each(["", "{", "[]", "1", "null", `{"resourceSpans":1}`])("%j is refused", (text) => {
    expect(decodeRequest(bytes(text), "json", "traces")).toMatchObject({ ok: false, code: "malformed" });
  });

  it("never repeats the body in a message", () => {
    const read = decodeRequest(bytes(`{"password": hunter22}`), "json", "traces");
    expect(JSON.stringify(read)).not.toContain("hunter22");
  });

  it("of more records than the limit is refused", () => {
    const scopeSpans = [{ spans: Array.from({ length: MAX_RECORDS + 1 }, () => 1) }];
    const read = decodeRequest(bytes(JSON.stringify({ resourceSpans: [{ scopeSpans }] })), "json", "traces");
    expect(read).toMatchObject({ ok: false, code: "too_large" });
  });
});

describe("JSON of very many small parts", () => {
  it("is refused before it is parsed, unless they stand in a text", () => {
    const list = `[${"{},".repeat(MAX_PARTS)}{}]`;
    expect(decodeRequest(bytes(`{"resourceSpans":${list}}`), "json", "traces")).toMatchObject({
      code: "too_large",
    });
    const prompt = JSON.stringify({ prompt: `\\" ${list}` });
    expect(decodeRequest(bytes(prompt), "json", "traces").ok).toBe(true);
  });
});

describe("replies", () => {
  it("are empty when all was taken", () => {
    expect(new TextDecoder().decode(encodeResponse("logs", null, "json"))).toBe("{}");
    expect(encodeResponse("logs", null, "protobuf")).toHaveLength(0);
  });

  it("say what was not", () => {
    const partial = { rejected: 2, message: "why" };
    expect(JSON.parse(new TextDecoder().decode(encodeResponse("logs", partial, "json")))).toEqual({
      partialSuccess: { rejectedLogRecords: "2", errorMessage: "why" },
    });
    expect([...encodeResponse("logs", partial, "protobuf")]).toEqual([10, 7, 8, 2, 18, 3, 119, 104, 121]);
    expect([...encodeStatus(503, "x", "protobuf")]).toEqual([8, 14, 18, 1, 120]);
  });
});
