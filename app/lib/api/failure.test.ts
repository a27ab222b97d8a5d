import { describe, expect, it } from "vitest";
import { createApi } from "./api.ts";
import { fieldErrors, readFailure, requestId } from "./failure.ts";

const answer = (status: number, body: BodyInit | null, headers: HeadersInit = {}) =>
  createApi(() => Promise.resolve(new Response(body, { status, headers })));

describe("client error mapping", () => {
  it("keeps the server's code, message, request id and details", async () => {
    const body = JSON.stringify({
      error: {
        code: "already_exists",
        message: "Sign in instead.",
        request_id: "r1",
        details: [{ field: "email", message: "Taken." }, "odd", { field: 1 }],
      },
    });
    const result = await answer(409, body).teams();
    expect(result.ok).toBe(false);
    if (result.ok || result.failure.kind !== "refused") throw new Error("expected a refusal");
    expect(result.failure).toMatchObject({
      status: 409,
      code: "already_exists",
      message: "Sign in instead.",
    });
    expect(requestId(result.failure)).toBe("r1");
    expect(fieldErrors(result.failure)).toEqual({ email: "Taken." });
  });

  it("finds words and a code for an answer that is not ours", async () => {
    const result = await answer(503, "<html>bad gateway</html>", { "retry-after": "7" }).teams();
    if (result.ok || result.failure.kind !== "refused") throw new Error("expected a refusal");
    expect(result.failure.code).toBe("unavailable");
    expect(result.failure.message).toMatch(/try again/i);
    expect(result.failure.retry_after_s).toBe(7);
  });

  it("does not take a page of HTML with status 200 for an answer", async () => {
    const result = await answer(200, "<!doctype html>").teams();
    expect(result.ok).toBe(false);
  });

  it("takes an empty answer as success without a value", async () => {
    const result = await answer(204, null).revokeKey("k1");
    expect(result).toEqual({ ok: true, value: null });
  });

  it("tells an unreachable server from a refusal", async () => {
    const result = await createApi(() => Promise.reject(new TypeError("fetch failed"))).teams();
    if (result.ok) throw new Error("expected a failure");
    expect(result.failure.kind).toBe("unreachable");
    expect(requestId(result.failure)).toBeUndefined();
  });

  it("does not take a name of Object.prototype for an error code", () => {
    const failure = readFailure(404, { error: { code: "constructor" } }, new Headers());
    expect(failure).toMatchObject({ kind: "refused", code: "not_found" });
  });

  it("escapes ids in paths", async () => {
    const seen: string[] = [];
    const api = createApi((input) => {
      seen.push(input instanceof Request ? input.url : input.toString());
      return Promise.resolve(new Response("{}"));
    });
    await api.revokeKey("k?&/..");
    await api.keys("p/../x");
    expect(seen).toEqual(["/api/keys/k%3F%26%2F..", "/api/keys?project=p%2F..%2Fx"]);
  });
});
