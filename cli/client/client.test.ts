import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseUrl, resolveConnection, storeConnection } from "./connection.ts";
import { postEvents, request, RequestError } from "./transport.ts";

const folder = mkdtempSync(join(tmpdir(), "clusterfork-client-"));
afterAll(() => rmSync(folder, { recursive: true }));
const connection = { url: "http://localhost:1", key: "cfk_x" };

describe("connection", () => {
  const path = join(folder, "sub", "credentials.json");

  it("prefers flags, then the environment, then what login stored", () => {
    storeConnection({ url: "http://stored", key: "cfk_stored" }, path);
    expect(resolveConnection({}, {}, path)).toEqual({ url: "http://stored", key: "cfk_stored" });
    const env = { CLUSTERFORK_URL: "http://env", CLUSTERFORK_KEY: "cfk_env" };
    expect(resolveConnection({}, env, path)).toEqual({ url: "http://env", key: "cfk_env" });
    expect(resolveConnection({ url: "http://flag", key: "cfk_flag" }, env, path)).toEqual({
      url: "http://flag",
      key: "cfk_flag",
    });
  });

  it("keeps the stored key to its owner and to its own address", () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => resolveConnection({ url: "http://other" }, {}, path)).toThrow(/belongs to http:\/\/stored/);
    expect(() => resolveConnection({}, {}, join(folder, "none.json"))).toThrow(/clusterfork login/);
  });

  it.each(["cfk_a\ncfk_b", "cfk_a b", "cfk_é", "cfk_\u0445", "   "])(
    "names a key that no header carries, %j, without showing it",
    (key) => {
      const resolve = () => resolveConnection({}, { CLUSTERFORK_KEY: key }, path);
      expect(resolve).toThrow(/one word that begins with cfk_/);
      expect(resolve).not.toThrow(/cfk_[aé\u0445]/);
      expect(resolveConnection({ key: " cfk_x\n" }, {}, path).key).toBe("cfk_x");
    },
  );

  it("reads addresses as people type them", () => {
    expect(parseUrl("localhost:8787")).toBe("http://localhost:8787");
    expect(parseUrl("forks.example/")).toBe("https://forks.example");
    expect(() => parseUrl("ftp://x")).toThrow(/http/);
    expect(() => parseUrl("http://user:pass@x")).toThrow(/leave user/);
  });
});

describe("transport", () => {
  const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
    new Response(JSON.stringify(body), { status, headers });
  const refusal = (code: string): object => ({
    error: { code, message: `it is ${code}`, request_id: "r" },
  });

  it("waits as long as the server asks on 429 and 503, then succeeds", async () => {
    const answers = [
      json(429, refusal("rate_limited"), { "retry-after": "2" }),
      json(503, refusal("unavailable")),
      json(200, {}),
    ];
    const waits: number[] = [];
    await request(
      connection,
      "/",
      {},
      {
        fetch: () => Promise.resolve(answers.shift() ?? json(500, {})),
        sleep: (ms) => {
          waits.push(ms);
          return Promise.resolve();
        },
        random: () => 1,
      },
    );
    expect(waits).toEqual([2_250, 500]);
  });

  it("repeats a lost connection, and gives up with words that name the address", async () => {
    let tries = 0;
    const lost = request(
      connection,
      "/",
      {},
      {
        fetch: () => {
          tries += 1;
          return Promise.reject(new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") }));
        },
        sleep: () => Promise.resolve(),
        maxTries: 3,
      },
    );
    await expect(lost).rejects.toThrow(/cannot reach http:\/\/localhost:1: connect ECONNREFUSED/);
    expect(tries).toBe(3);
  });

  it("does not repeat a refusal", async () => {
    let tries = 0;
    const refused = request(
      connection,
      "/",
      {},
      {
        fetch: () => {
          tries += 1;
          return Promise.resolve(json(401, refusal("unauthenticated")));
        },
      },
    );
    await expect(refused).rejects.toMatchObject({ status: 401, code: "unauthenticated" });
    expect(tries).toBe(1);
  });

  it("returns per-event results also when every event was refused", async () => {
    const results = [{ index: 0, id: "a", status: "conflict", code: "conflict", message: "m" }];
    const append = { accepted: 0, duplicates: 0, first_seq: null, last_seq: null, results };
    const fetch = (): Promise<Response> => Promise.resolve(json(409, { ...refusal("conflict"), ...append }));
    expect(await postEvents(connection, ["{}"], "cli", { fetch })).toMatchObject(append);
    const other = (): Promise<Response> => Promise.resolve(new Response("<html>", { status: 404 }));
    await expect(postEvents(connection, ["{}"], "cli", { fetch: other })).rejects.toBeInstanceOf(
      RequestError,
    );
  });
});
