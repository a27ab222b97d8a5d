/** The SDK of Workers and browsers, in workerd, against the Worker itself. */
import { beforeAll, expect, it } from "vitest";
import { Clusterfork } from "../../cli/sdk/web.ts";
import type { Trouble } from "../../cli/sdk/report.ts";
import type { EventsPage } from "../../schema/wire/http.ts";
import { asKey, call, migrate, ORIGIN, signUp, type Account, type Init } from "./server.ts";

let team: Account;
beforeAll(async () => {
  await migrate();
  team = await signUp("Sdk");
});

/** The Worker as `fetch` reaches it. */
const here = ((input: string, init?: Init) =>
  call(input.slice(ORIGIN.length), init)) as unknown as typeof fetch;

function sender(troubles: Trouble[], more: { key?: string; fetch?: typeof fetch } = {}) {
  return new Clusterfork({
    url: ORIGIN,
    key: team.keys.ingest,
    fetch: here,
    defaults: { agent_id: "worker-a" },
    batch: { events: 40 },
    onError: (trouble) => troubles.push(trouble),
    ...more,
  });
}

it("[L2] delivers from a Worker: gzip, order, a lost answer repeated without a second event", async () => {
  const troubles: Trouble[] = [];
  let lost = 0;
  const losing = (async (input: string, init?: Init) => {
    const reply = await here(input, init);
    if (++lost === 1) throw new TypeError("the answer was lost");
    return reply;
  }) as unknown as typeof fetch;
  const one = sender(troubles, { fetch: losing });
  for (let n = 1; n <= 100; n++)
    one.send({ event_type: "node_executed", metadata: { n, text: "ü".repeat(100) } });
  expect(await one.close()).toMatchObject({
    accepted: 60,
    duplicates: 40,
    dropped: 0,
    queued: 0,
    rejected: 0,
  });
  expect(troubles).toMatchObject([{ kind: "unavailable" }]);
  const page = await (await asKey(team.keys.read, "/v1/events?limit=1000&agent=worker-a")).json<EventsPage>();
  expect(page.events.map(({ metadata }) => metadata?.["n"])).toEqual(
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
  expect(page.events[0]?.source).toBe("sdk");
});

it("tells what the server refuses, event by event, and holds what a bad key sends", async () => {
  const troubles: Trouble[] = [];
  const one = sender(troubles);
  one.send({ event_type: "node_executed" });
  one.send({ event_type: "Not A Type" });
  expect(await one.close()).toMatchObject({ accepted: 1, rejected: 1 });
  expect(troubles).toMatchObject([{ kind: "rejected", results: [{ code: "invalid_field" }] }]);

  const refused: Trouble[] = [];
  const two = sender(refused, { key: `${team.keys.ingest.slice(0, -1)}x` });
  two.send({ event_type: "node_executed" });
  expect(await two.flush(50)).toMatchObject({ accepted: 0, queued: 1, rejected: 0 });
  expect(refused).toMatchObject([{ kind: "refused" }]);
  expect(await two.close(0)).toMatchObject({ dropped: 1, queued: 0 });
});
