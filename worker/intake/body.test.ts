import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_BODY_BYTES } from "../../schema/event/limits.ts";
import { MAX_DRAINED_BYTES, readBody } from "./body.ts";

const JSON_TYPE = { "content-type": "application/json" };
const LINES_TYPE = { "content-type": "application/x-ndjson" };
const GZIP = { "content-encoding": "gzip" };

function request(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream | null,
  headers: Record<string, string> = JSON_TYPE,
): Request {
  return new Request("http://localhost/v1/events", {
    method: "POST",
    body,
    headers,
    duplex: "half",
  } as RequestInit);
}
async function events(...parts: Parameters<typeof request>) {
  const read = await readBody(request(...parts));
  if (!read.ok) throw new Error(`${read.failure.code}: ${read.failure.message}`);
  return read.events;
}
async function values(...parts: Parameters<typeof request>) {
  return (await events(...parts)).map((event) => (event.ok ? event.value : event.code));
}
async function failure(...parts: Parameters<typeof request>) {
  const read = await readBody(request(...parts));
  if (read.ok) throw new Error("read");
  return read.failure;
}

describe("a body in pieces", () => {
  const pieces = (text: string, fail: boolean) => {
    const bytes = new TextEncoder().encode(text);
    let next = 0;
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (next < bytes.length) controller.enqueue(bytes.subarray(next, ++next));
        else if (fail) controller.error(new Error("Network connection lost."));
        else controller.close();
      },
    });
  };
  const long = JSON.stringify([{ text: "\u00e9".repeat(20_000) }]);

  it("is put together again, byte by byte", async () => {
    expect(await values(pieces(long, false))).toEqual(JSON.parse(long));
  });

  it("is refused when it breaks off, and nothing is thrown", async () => {
    expect(await failure(pieces(long, true))).toMatchObject({ code: "malformed" });
  });
});

describe("forms of a body", () => {
  it("reads one event, an array, a batch and lines", async () => {
    expect(await values(`{"a":1}`)).toEqual([{ a: 1 }]);
    expect(await values(`[{"a":1},2]`)).toEqual([{ a: 1 }, 2]);
    expect(await values(`{"events":[{"a":1}]}`)).toEqual([{ a: 1 }]);
    expect(await values(`[]`)).toEqual([]);
    expect(await values(`{"a":1}\n\n  \r\n{"b":2}\r\n`, LINES_TYPE)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it.each(["application/json; charset=utf-8", `Application/JSON; charset="UTF-8"`])(
    "takes %s",
    async (type) => {
      expect(await values(`{}`, { "content-type": type })).toEqual([{}]);
    },
  );
  it.each(["application/jsonl", "application/x-ndjson; charset=utf8"])("takes %s", async (type) => {
    expect(await values(`1\n2`, { "content-type": type })).toEqual([1, 2]);
  });

  it.each<Record<string, string>>([
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
    { "content-type": "application/json; charset=utf-16" },
    { "content-type": "" },
    { ...JSON_TYPE, "content-encoding": "br" },
    { ...JSON_TYPE, "content-encoding": "gzip, gzip" },
  ])("refuses %j", async (headers) => {
    expect(await failure("{}", headers)).toMatchObject({
      code: "unsupported_media_type",
      message: expect.stringMatching(/Send/),
    });
  });

  it("drops a byte order mark", async () => {
    expect(await values("\ufeff[1]")).toEqual([1]);
    expect(await values("\ufeff1\n2", LINES_TYPE)).toEqual([1, 2]);
  });

  it("reads gzip, in several members too", async () => {
    expect(await values(gzipSync(`[1]`), { ...JSON_TYPE, ...GZIP })).toEqual([1]);
    const members = Buffer.concat([gzipSync("1\n"), gzipSync("2\n")]);
    expect(await values(new Uint8Array(members), { ...LINES_TYPE, ...GZIP })).toEqual([1, 2]);
  });
});

describe("bodies that are refused whole", () => {
  it.each([
    ["", JSON_TYPE, /empty/],
    ["  \n ", JSON_TYPE, /empty/],
    ["", LINES_TYPE, /empty/],
    ["{", JSON_TYPE, /Not JSON/],
    [`{"a": NaN}`, JSON_TYPE, /NaN and Infinity/],
    [`{"a": -Infinity}`, JSON_TYPE, /NaN and Infinity/],
    [`{"a":1}\n{"a":2}\n`, JSON_TYPE, /x-ndjson/],
    [`{"events":{}}`, JSON_TYPE, /nothing beside/],
    [`{"events":[],"agent_id":"a"}`, JSON_TYPE, /nothing beside/],
  ])("%j", async (body, headers, message) => {
    expect(await failure(body, headers)).toMatchObject({
      code: "malformed",
      message: expect.stringMatching(message),
    });
  });

  it("never repeats the body in a message", async () => {
    expect((await failure(`{"password": hunter22}`)).message).not.toContain("hunter22");
  });

  it("what is not UTF-8 or not gzip", async () => {
    expect((await failure(new Uint8Array([0x22, 0xff, 0x22]))).message).toMatch(/UTF-8/);
    expect((await failure("[1]", { ...JSON_TYPE, ...GZIP })).message).toMatch(/not gzip/);
    const cut = new Uint8Array(gzipSync("[1,2,3]").subarray(0, 15));
    expect((await failure(cut, { ...JSON_TYPE, ...GZIP })).message).toMatch(/not gzip/);
  });

  it("more than 1,000 events, however they come", async () => {
    const too_large = { code: "too_large", message: expect.stringMatching(/1000 events. Split/) };
    const many = Array.from({ length: 1001 }, () => 1);
    expect(await failure(JSON.stringify(many))).toMatchObject(too_large);
    expect(await failure(JSON.stringify({ events: many }))).toMatchObject(too_large);
    expect(await failure(many.join("\n"), LINES_TYPE)).toMatchObject(too_large);
    expect(await events(`${many.slice(1).join("\n")}\n\n`, LINES_TYPE)).toHaveLength(1000);
  });

  it("more than 1 MiB as sent, by its length or by counting", async () => {
    const most = `"${"x".repeat(MAX_BODY_BYTES - 2)}"`;
    expect(await events(most)).toHaveLength(1);
    expect((await failure(`${most} `)).code).toBe("too_large");
    expect(
      (await failure("{}", { ...JSON_TYPE, "content-length": String(MAX_DRAINED_BYTES + 1) })).code,
    ).toBe("too_large");
    const chunk_bytes = 64 * 1024;
    let pulled = 0;
    // Received whole, though not kept, so that its sender gets to hear why.
    const larger = new ReadableStream({
      pull(controller) {
        if (++pulled > (2 * MAX_BODY_BYTES) / chunk_bytes) controller.close();
        else controller.enqueue(new Uint8Array(chunk_bytes));
      },
    });
    expect((await failure(larger)).code).toBe("too_large");
    expect(pulled).toBe((2 * MAX_BODY_BYTES) / chunk_bytes + 1);
    pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(chunk_bytes));
      },
    });
    expect((await failure(endless)).code).toBe("too_large");
    expect(pulled).toBeLessThan(MAX_DRAINED_BYTES / chunk_bytes + 10);
  });

  it("a gzip bomb, without inflating it", async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(256 * 1024 * 1024)));
    expect(bomb.byteLength).toBeLessThan(MAX_BODY_BYTES);
    const before_bytes = process.memoryUsage().rss;
    const started = performance.now();
    expect((await failure(bomb, { ...JSON_TYPE, ...GZIP })).code).toBe("too_large");
    expect(performance.now() - started).toBeLessThan(1000);
    expect(process.memoryUsage().rss - before_bytes).toBeLessThan(64 * 1024 * 1024);
    const most = new Uint8Array(gzipSync(`"${"x".repeat(MAX_BODY_BYTES - 2)}"`));
    expect(await events(most, { ...JSON_TYPE, ...GZIP })).toHaveLength(1);
  });
});

describe("[L3] one bad line is its own rejection", () => {
  it("keeps its place", async () => {
    const read = await events(`{"a":1}\n{"b":\n\n[NaN]\n{"c":3}`, LINES_TYPE);
    expect(read).toEqual([
      { ok: true, value: { a: 1 } },
      expect.objectContaining({
        ok: false,
        id: null,
        code: "malformed_json",
        message: expect.stringMatching(/^Line 2: Not JSON/),
      }),
      expect.objectContaining({ code: "malformed_json", message: expect.stringMatching(/^Line 4: .*NaN/) }),
      { ok: true, value: { c: 3 } },
    ]);
  });

  it("also when it is not UTF-8", async () => {
    const bytes = new Uint8Array([0x31, 0x0a, 0xff, 0x0a, 0x32]);
    expect(await values(bytes, LINES_TYPE)).toEqual([1, "malformed_json", 2]);
  });
});

describe("any bytes under any headers", () => {
  const type = fc.constantFrom(
    "application/json",
    "application/x-ndjson",
    "application/json; charset=utf-8",
    "text/plain",
  );
  const coding = fc.constantFrom("identity", "gzip", "br");
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.array(fc.json()).map((lines) => new TextEncoder().encode(lines.join("\n"))),
    fc.json().map((text) => new Uint8Array(gzipSync(text))),
  );

  it("have an answer: events, each with a value or a reason, or a refusal that says what to do", async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(type, coding, bytes, async (content_type, content_encoding, body) => {
        const headers = { "content-type": content_type, "content-encoding": content_encoding };
        const answer = await readBody(request(body.slice(), headers));
        if (!answer.ok) return void expect(answer.failure.message).not.toBe("");
        read += 1;
        for (const event of answer.events) if (!event.ok) expect(event.message).not.toBe("");
      }),
      { numRuns: 500 },
    );
    expect(read).toBeGreaterThan(0);
  });

  it("[L3] give the same events as one array, as lines, and packed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.json(), { minLength: 1, maxLength: 8 }), async (texts) => {
        const whole = `[${texts.join(",")}]`;
        const plain = await values(whole);
        expect(plain).toEqual(texts.map((text) => JSON.parse(text) as unknown));
        expect(await values(texts.join("\n"), LINES_TYPE)).toEqual(plain);
        expect(await values(`{"events":${whole}}`)).toEqual(plain);
        expect(await values(new Uint8Array(gzipSync(whole)), { ...JSON_TYPE, ...GZIP })).toEqual(plain);
      }),
    );
  });
});
