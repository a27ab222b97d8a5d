/** The sample project: one to a team, labelled, fed by whoever is bound, else by the reader's own hand. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { KeysResponse, TeamsResponse } from "../../schema/wire/http.ts";
import { sampleResponse } from "../../schema/wire/sample-body.ts";
import type { SampleResponse } from "../../schema/wire/sample.ts";
import { app } from "../../worker/http/app.ts";
import { asKey, asPerson, event, json, migrate, ORIGIN, signUp, type Account } from "./server.ts";

beforeAll(migrate);

const ask = (account: Account, body: object = { team: account.team.id }) =>
  asPerson(account.cookie, "/api/samples", json("POST", body));
const read = async (reply: Response) => sampleResponse.parse(await reply.json());
const liveKeys = async (account: Account, project: string) => {
  const list = await asPerson(account.cookie, `/api/keys?project=${project}`);
  return (await list.json<KeysResponse>()).keys.filter(({ revoked_at }) => revoked_at === null);
};

describe("where nobody feeds samples", () => {
  it("gives the project and a key that may send, once", async () => {
    const account = await signUp("By hand");
    const reply = await ask(account);
    expect(reply.status).toBe(201);
    const { project, feeding, key } = await read(reply);
    expect({ ...project, id: "" }).toEqual({
      id: "",
      name: "Sample team",
      slug: "sample-team",
      sample: true,
    });
    expect(project.id).toMatch(/^p[a-z0-9]{15}$/);
    expect(feeding).toBe("none");
    const sent = await asKey(key!, "/v1/events", json("POST", event({ task_id: "T-1" })));
    expect(sent.status).toBe(200);
    expect((await asKey(key!, "/v1/state")).status).toBe(403);

    const again = await ask(account);
    expect(again.status).toBe(200);
    expect(await read(again)).toEqual({ project, feeding: "none", key: null });
  });

  it("lists it behind the team's own, labelled, and lets nothing of it into them", async () => {
    const account = await signUp("Apart");
    const { project, key } = await read(await ask(account));
    await asKey(key!, "/v1/events", json("POST", event({ task_id: "SIMULATED" })));
    const { teams } = await (await asPerson(account.cookie, "/api/teams")).json<TeamsResponse>();
    expect(teams[0]?.projects.map(({ id, sample }) => [id, sample])).toEqual([
      [account.project.id, false],
      [project.id, true],
    ]);
    const own = await asPerson(account.cookie, `/api/projects/${account.project.id}/events`);
    expect(await own.text()).not.toContain("SIMULATED");
    const other = await asPerson(account.cookie, `/api/projects/${project.id}/events`);
    expect(await other.text()).toContain("SIMULATED");
    const renamed = await asPerson(
      account.cookie,
      `/api/projects/${project.id}`,
      json("PATCH", { name: "Toy" }),
    );
    expect(await renamed.json()).toMatchObject({
      project: { name: "Toy", slug: "sample-team", sample: true },
    });
  });

  it("makes one, also when it is asked for five times at once, and beside a project of that name", async () => {
    const account = await signUp("Impatient");
    await asPerson(
      account.cookie,
      "/api/projects",
      json("POST", { team: account.team.id, name: "Sample team" }),
    );
    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => ask(account)));
    const bodies = await Promise.all(replies.map(read));
    expect(new Set(bodies.map(({ project }) => project.id)).size).toBe(1);
    expect(bodies[0]?.project.slug).toBe("sample-team-2");
    expect(bodies.filter(({ key }) => key !== null)).toHaveLength(1);
  });

  it("is refused where something else is asked", async () => {
    const account = await signUp("Wrong");
    expect((await ask(account, {})).status).toBe(422);
    expect((await ask(account, { team: account.team.id, name: " " })).status).toBe(422);
    expect((await ask(account, { team: account.team.id, sample: true })).status).toBe(422);
  });
});

describe("where somebody feeds samples", () => {
  /** As scripts/serve/sample.ts answers. */
  function feeder(states: object[]) {
    const asked: { method: string; path: string; key: string | null }[] = [];
    const fetch = async (input: string, init?: RequestInit) => {
      const body =
        typeof init?.body === "string" ? (JSON.parse(init.body) as { key: string }) : { key: null };
      asked.push({ method: init?.method ?? "GET", path: new URL(input).pathname, key: body.key });
      return Response.json(states[asked.length - 1]);
    };
    return { asked, binding: { fetch } as unknown as Fetcher };
  }
  const askOf = async (account: Account, binding: Fetcher): Promise<Response> =>
    app.request(
      `${ORIGIN}/api/samples`,
      {
        ...json("POST", { team: account.team.id }),
        headers: { "content-type": "application/json", cookie: account.cookie, origin: ORIGIN },
      },
      { ...env, SAMPLE: binding },
    );

  it("hands the key over and keeps it to itself", async () => {
    const account = await signUp("Fed");
    const { asked, binding } = feeder([{ state: "unknown" }, { state: "running", taken: true }]);
    const reply = await askOf(account, binding);
    expect(reply.status).toBe(201);
    const { project, feeding, key } = await reply.json<SampleResponse>();
    expect([feeding, key]).toEqual(["running", null]);
    expect(asked.map(({ method, path }) => [method, path])).toEqual([
      ["GET", `/${project.id}`],
      ["POST", `/${project.id}`],
    ]);
    const sent = await asKey(asked[1]?.key ?? "", "/v1/events", json("POST", event({ task_id: "T-1" })));
    expect(sent.status).toBe(200);
    expect((await liveKeys(account, project.id)).map(({ scopes }) => scopes)).toEqual([["ingest"]]);
  });

  it.each([
    ["running", "running"],
    ["ended", "ended"],
  ])("makes no second key where it is %s already", async (state, feeding) => {
    const account = await signUp(`Known ${state}`);
    const { asked, binding } = feeder([{ state }]);
    const body = await read(await askOf(account, binding));
    expect(body).toMatchObject({ feeding, key: null });
    expect(asked).toHaveLength(1);
    expect(await liveKeys(account, body.project.id)).toEqual([]);
  });

  it("revokes a key that was not taken", async () => {
    const account = await signUp("Two at once");
    const { asked, binding } = feeder([{ state: "unknown" }, { state: "running", taken: false }]);
    const body = await read(await askOf(account, binding));
    expect(body.feeding).toBe("running");
    expect(await liveKeys(account, body.project.id)).toEqual([]);
    const sent = await asKey(asked[1]?.key ?? "", "/v1/events", json("POST", event({})));
    expect(sent.status).toBe(401);
  });

  it("says so where there are too many", async () => {
    const account = await signUp("Late");
    const reply = await askOf(account, feeder([{ state: "full" }]).binding);
    expect(reply.status).toBe(409);
    expect(await reply.json()).toMatchObject({
      error: { message: expect.stringContaining("clusterfork simulate") },
    });
  });
});
