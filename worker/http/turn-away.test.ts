import { expect, it } from "vitest";
import type { Failure } from "../../schema/wire/error.ts";
import { Holds } from "./hold.ts";
import { turnAway, whoOf } from "./turn-away.ts";

const KEY = "cfk_p_k_s_t";
const LIMITED: Failure = {
  code: "rate_limited",
  message: "Wait 30 s.",
  details: { limit: "of a test" },
  retry_after_s: 30,
  policy: "key-requests",
};
const FIRST = { "content-type": "application/json", "x-request-id": "first", "retry-after": "30", vary: "x" };

function request(path = "/v1/events", method = "POST", authorization = `Bearer ${KEY}`): Request {
  return new Request(`http://a.test${path}`, { method, headers: { authorization } });
}

function held(): Holds {
  const holds = new Holds();
  const who = whoOf(request());
  if (who === null) throw new Error("it has a bearer");
  holds.note({ who, bytes: 0, failure: LIMITED }, FIRST, 0);
  return holds;
}

const none = () => false;

it("[V2] who was told to wait hears it again, with an id of its own and what is left of the wait", async () => {
  const reply = await turnAway(request("/v1/events?a=1"), held(), none, 10_500);
  expect(reply?.status).toBe(429);
  const headers = Object.fromEntries(reply?.headers ?? []);
  expect(headers).toMatchObject({
    "content-type": "application/json",
    "retry-after": "20",
    ratelimit: '"key-requests";r=0;t=20',
    vary: "x",
  });
  const request_id = headers["x-request-id"];
  expect(request_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(await reply?.json()).toEqual({
    error: { code: "rate_limited", message: "Wait 30 s.", request_id, details: { limit: "of a test" } },
  });
});

it.each([
  ["another key", request("/v1/events", "POST", `Bearer ${KEY}0`)],
  ["another kind of request", request("/v1/events", "GET")],
  ["nobody", new Request("http://a.test/v1/events", { method: "POST" })],
  ["a page", request("/sign-in")],
  ["the dashboard's own", request("/api/keys?at=/v1/")],
])("asks the app for %s", (_, other) => {
  expect(turnAway(other, held(), none, 1)).toBeNull();
});

it("leaves to the app what has a form of its own, and whose wait is over", () => {
  expect(turnAway(request(), held(), (path) => path === "/v1/events", 1)).toBeNull();
  expect(turnAway(request(), held(), none, 30_000)).toBeNull();
});
