/** GitHub's hooks over the running Worker: made, signed, forged, replayed, revoked. */
import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { EventsPage, KeysResponse, StateResponse } from "../../schema/wire/http.ts";
import type { ErrorBody } from "../../schema/wire/error.ts";
import { deliveredResponse, hookCreatedResponse, hooksResponse } from "../../schema/wire/hook-body.ts";
import type { DeliveredResponse, HookCreatedResponse, HooksResponse } from "../../schema/wire/hook.ts";
import { pullRequest, recordedDeliveries } from "../../worker/intake/github/deliveries.test-data.ts";
import type { GitHubDelivery } from "../../worker/intake/github/github.ts";
import { asKey, asPerson, call, json, migrate, ORIGIN, signUp, type Account, type Init } from "./server.ts";

let team: Account;
let stranger: Account;
beforeAll(async () => {
  await migrate();
  team = await signUp("Hooks");
  stranger = await signUp("Strangers");
});

async function makeHook(account: Account): Promise<HookCreatedResponse> {
  const body = { project: account.project.id, name: "octo-org/hello-world" };
  const made = await asPerson(account.cookie, "/api/hooks", json("POST", body));
  expect(made.status).toBe(201);
  const created = await made.json<HookCreatedResponse>();
  expect(hookCreatedResponse.strict().parse(created)).toEqual(created);
  return created;
}
const pathOf = ({ hook }: HookCreatedResponse) => new URL(hook.url).pathname;
const sign = (secret: string, body: string) =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

function signed(secret: string, { event, payload }: GitHubDelivery, form = false): Init {
  const text = JSON.stringify(payload);
  const body = form ? new URLSearchParams({ payload: text }).toString() : text;
  return {
    method: "POST",
    body,
    headers: {
      "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
      "user-agent": "GitHub-Hookshot/044aadd",
      "x-github-delivery": crypto.randomUUID(),
      "x-github-event": event,
      "x-hub-signature-256": sign(secret, body),
    },
  };
}
const deliver = (hook: HookCreatedResponse, delivery: GitHubDelivery, form = false) =>
  call(pathOf(hook), signed(hook.secret, delivery, form));
const eventsOf = async (account: Account) =>
  (await (await asKey(account.keys.read, "/v1/events")).json<EventsPage>()).events;

describe("a hook", () => {
  it("is shown with its secret once, listed without it, and is none of the API keys", async () => {
    const created = await makeHook(team);
    expect(created.hook.url).toMatch(
      new RegExp(`^${ORIGIN}/v1/hooks/github/cfh_${team.project.id}_[a-z0-9]{12}_[0-9a-f]{24}$`),
    );
    const listed = await asPerson(team.cookie, `/api/hooks?project=${team.project.id}`);
    const text = await listed.text();
    expect(text).not.toContain(created.secret);
    const { hooks } = JSON.parse(text) as HooksResponse;
    expect(hooksResponse.strict().parse({ hooks })).toEqual({ hooks });
    expect(hooks).toContainEqual(created.hook);
    const keys = await asPerson(team.cookie, `/api/keys?project=${team.project.id}`);
    expect((await keys.json<KeysResponse>()).keys.map(({ id }) => id)).not.toContain(created.hook.id);
    const stored = await env.DB.prepare("select * from api_key where id = ?").bind(created.hook.id).first();
    expect(JSON.stringify(stored)).not.toContain(created.secret);
  });

  it("takes what GitHub sends, as JSON and as a form, and each of it once", async () => {
    const account = await signUp("Once");
    const hook = await makeHook(account);
    const replies: DeliveredResponse[] = [];
    for (const [index, delivery] of recordedDeliveries().entries()) {
      const reply = await deliver(hook, delivery, index % 2 === 1);
      expect(reply.status).toBe(200);
      const body = await reply.json<DeliveredResponse>();
      expect(deliveredResponse.strict().parse(body)).toEqual(body);
      expect(body.results).toBeUndefined();
      replies.push(body);
    }
    const events = await eventsOf(account);
    expect(events).toHaveLength(replies.reduce((sum, { accepted }) => sum + accepted, 0));
    expect(new Set(events.map(({ source }) => source))).toEqual(new Set(["github"]));
    expect(new Set(events.map(({ key_id }) => key_id))).toEqual(new Set([hook.hook.id]));
    // Redelivered, and sent again under another delivery id.
    for (const delivery of recordedDeliveries().toReversed()) {
      const body = await (await deliver(hook, delivery)).json<DeliveredResponse>();
      expect(body.accepted).toBe(0);
    }
    expect(await eventsOf(account)).toHaveLength(events.length);
    const { state } = await (await asKey(account.keys.read, "/v1/state")).json<StateResponse>();
    expect(state.closed_features.map(({ title, status }) => [title, status])).toEqual([
      ["Add a warm greeting", "merged"],
      ["Add a greeting", "abandoned"],
    ]);
  });

  it("answers a ping, and says what it ignores", async () => {
    const hook = await makeHook(team);
    const ping = {
      event: "ping",
      payload: { zen: "Design for failure.", hook_id: 1, hook: { type: "Repository" } },
    };
    expect(await (await deliver(hook, ping)).json()).toEqual({
      accepted: 0,
      duplicates: 0,
      ignored: { ping: 1 },
    });
    const labeled = pullRequest("labeled", { branch: "a/T-1" });
    expect(await (await deliver(hook, labeled)).json()).toMatchObject({
      ignored: { "pull_request labeled": 1 },
    });
  });

  it("[T4] is refused from its revocation on", async () => {
    const hook = await makeHook(team);
    const remove = (cookie: string) => asPerson(cookie, `/api/hooks/${hook.hook.id}`, { method: "DELETE" });
    expect((await remove(stranger.cookie)).status).toBe(404);
    expect((await deliver(hook, { event: "ping", payload: {} })).status).toBe(200);
    expect((await remove(team.cookie)).status).toBe(204);
    expect((await deliver(hook, pullRequest("opened"))).status).toBe(401);
    expect((await deliver(hook, { event: "ping", payload: {} })).status).toBe(401);
    const listed = await asPerson(team.cookie, `/api/hooks?project=${team.project.id}`);
    const { hooks } = await listed.json<HooksResponse>();
    expect(hooks.find(({ id }) => id === hook.hook.id)?.revoked_at).not.toBeNull();
  });
});

describe("[T3] no room is woken by", () => {
  async function refusedWith(path: string, init: Init, status: number): Promise<void> {
    const waking = vi.spyOn(env.ROOM, "get");
    try {
      const reply = await call(path, init);
      expect(reply.status).toBe(status);
      expect(waking).not.toHaveBeenCalled();
      const { error } = await reply.json<ErrorBody>();
      expect(error.message).not.toMatch(/[0-9a-f]{64}/);
    } finally {
      waking.mockRestore();
    }
  }
  const delivery = pullRequest("opened", { number: 77 });

  it("control: a good delivery wakes one", async () => {
    const hook = await makeHook(team);
    const waking = vi.spyOn(env.ROOM, "get");
    await deliver(hook, delivery);
    expect(waking).toHaveBeenCalled();
    waking.mockRestore();
  });

  it("a forged address, however well it is signed", async () => {
    const hook = await makeHook(team);
    const path = pathOf(hook);
    const last = path.at(-1) === "0" ? "1" : "0";
    await refusedWith(path.slice(0, -1) + last, signed(hook.secret, delivery), 404);
    await refusedWith(path.replace(team.project.id, stranger.project.id), signed(hook.secret, delivery), 404);
    await refusedWith("/v1/hooks/github/nothing", signed(hook.secret, delivery), 404);
  });

  it("a delivery without a signature, with a forged one, or with another project's", async () => {
    const [hook, other, foreign] = [await makeHook(team), await makeHook(team), await makeHook(stranger)];
    const good = signed(hook.secret, delivery);
    const headers: Record<string, string> = { ...good.headers };
    delete headers["x-hub-signature-256"];
    await refusedWith(pathOf(hook), { ...good, headers }, 401);
    for (const signature of ["sha256=", `sha256=${"0".repeat(64)}`, `sha1=${"0".repeat(40)}`])
      await refusedWith(
        pathOf(hook),
        { ...good, headers: { ...headers, "x-hub-signature-256": signature } },
        401,
      );
    await refusedWith(pathOf(hook), signed(other.secret, delivery), 401);
    await refusedWith(pathOf(hook), signed(foreign.secret, delivery), 401);
    await refusedWith(pathOf(hook), signed(pathOf(hook).split("/").at(-1) ?? "", delivery), 401);
  });

  it("a body that was changed on the way", async () => {
    const hook = await makeHook(team);
    const good = signed(hook.secret, delivery);
    const body = typeof good.body === "string" ? good.body.replace("octo-org", "octo_org") : "";
    await refusedWith(pathOf(hook), { ...good, body }, 401);
  });

  it("a signed body of another type, or that is no JSON", async () => {
    const hook = await makeHook(team);
    const send = (type: string, body: string): Init => ({
      method: "POST",
      body,
      headers: {
        "content-type": type,
        "x-github-event": "push",
        "x-hub-signature-256": sign(hook.secret, body),
      },
    });
    await refusedWith(pathOf(hook), send("text/plain", "{}"), 415);
    await refusedWith(pathOf(hook), send("application/json", "{"), 400);
    await refusedWith(pathOf(hook), send("application/x-www-form-urlencoded", "other=1"), 400);
    await refusedWith(pathOf(hook), send("application/json", " ".repeat(4 * 1024 * 1024 + 1)), 413);
  });
});

it("a delivery larger than a batch of events is taken", async () => {
  const hook = await makeHook(team);
  const filler = "x".repeat(2 * 1024 * 1024);
  const { event, payload } = pullRequest("opened", { number: 90, body: filler });
  expect(await (await deliver(hook, { event, payload })).json()).toMatchObject({ accepted: 3 });
});
