/**
 * What the archive holds after an import, recounted in SQL from D1's own file:
 * the room's counters, and a fold from zero of the exported log.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { Usage } from "../../schema/state/entity/usage.ts";
import type { StateResponse } from "../../schema/wire/http.ts";
import { foldWhole, textsOf } from "../sample/whole-fold.ts";
import { readLog, send, sentOf, signUp } from "./account.ts";
import { runCommand } from "./command.ts";
import { byStatus, countersOf, cursorOf, openArchive, recount, rowsOf } from "./recount.ts";
import { dataFolder, startServer, type Running } from "./server.ts";
import { miniatureFiles, RECORDED_FILES } from "./sources.ts";

/** As many events as the room drains at once, without waiting for its minute. */
const AT_ONCE = 4_000;
const folder = dataFolder();
let server: Running;
beforeAll(async () => {
  server = await startServer(folder.path);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

/** Sums of dollars depend on the order of adding, in the last digits. */
function expectSameUsage(counted: Usage, expected: Usage): void {
  for (const key of Object.keys(expected) as (keyof Usage)[]) {
    if (key.endsWith("_usd")) expect(counted[key], key).toBeCloseTo(expected[key], 6);
    else expect(counted[key], key).toBe(expected[key]);
  }
}

describe.each([...miniatureFiles(folder.path), ...RECORDED_FILES])(
  "$name",
  ({ name, format, paths, here }) => {
    it.skipIf(!here)(
      "[B2] is in D1 as in the room, entity by entity, and once however often it is imported",
      async () => {
        const account = await signUp(server.url, "Recount");
        const project = account.project.id;
        const home = join(folder.path, `home-${project}`);
        const as = (key: string) => ({ url: server.url, key, home });
        const began = performance.now();
        const first = await runCommand(["import", format, ...paths], as(account.keys.ingest)).ended;
        const seconds = (performance.now() - began) / 1_000;
        expect([first.code, first.err]).toEqual([0, expect.not.stringContaining("error")]);
        const imported = sentOf(await readLog(server.url, account.keys.read)).length;
        expect(imported).toBeGreaterThan(0);
        const again = await runCommand(["import", format, ...paths], as(account.keys.ingest)).ended;
        expect(again.out).toContain(`${imported} sent: 0 new, ${imported} already there`);
        expect(sentOf(await readLog(server.url, account.keys.read))).toHaveLength(imported);

        // Of no known type: they push the others out and mean nothing (S4).
        for (let from = 0; from < AT_ONCE; from += 1_000) {
          const batch = Array.from({ length: 1_000 }, (_, n) => ({
            id: `push-${from + n}`,
            event_type: "push.out",
          }));
          await send(server.url, account.keys.ingest, batch);
        }
        const db = openArchive(folder.path);
        await expect.poll(() => cursorOf(db, project), { timeout: 60_000 }).toBeGreaterThanOrEqual(imported);
        // One look at everything: the drain may go on meanwhile.
        db.exec("BEGIN");
        const cursor = cursorOf(db, project);
        const counted = recount(db, project);

        const { state } = await readState(server.url, account.keys.read, `?at=${cursor}`);
        const room = countersOf(state);
        expect(counted.events).toBe(room.events);
        expect(counted.by_type).toEqual(room.by_type);
        expectSameUsage(counted.usage, room.usage);
        const { forgotten_tasks, forgotten_features, forgotten_agents } = state.counters;
        if (forgotten_tasks === 0) expect(counted.tasks).toEqual(room.tasks);
        if (forgotten_features === 0) expect(counted.features).toEqual(room.features);
        if (forgotten_agents === 0) expect(counted.agents).toEqual(room.agents);

        const out = join(folder.path, `${project}.ndjson`);
        expect((await runCommand(["export", "--out", out], as(account.keys.read)).ended).code).toBe(0);
        const whole = foldWhole(exported(out).filter(({ seq }) => seq <= cursor));
        expectSameUsage(counted.usage, whole.state.usage);
        for (const [table, entities, counts] of [
          ["archive_task", whole.tasks, counted.tasks],
          ["archive_feature", whole.features, counted.features],
          ["archive_agent", whole.agents, counted.agents],
        ] as const) {
          const rows = rowsOf(db, table, project);
          const expected = textsOf(entities);
          expect(
            Object.keys(rows).filter((id) => rows[id] !== expected[id]),
            table,
          ).toEqual([]);
          expect(Object.keys(rows).length, table).toBe(entities.size);
          expect(byStatus(entities.values()), table).toEqual(counts);
        }
        db.close();
        const edges = [...whole.tasks.values(), ...whole.features.values()].reduce(
          (sum, { dependencies }) => sum + dependencies.length,
          0,
        );
        const { usage } = whole.state;
        console.info(
          `[measured] ${name}\n${first.out.trim()}\n` +
            `${imported} events, ${whole.tasks.size} tasks, ${whole.features.size} features, ${whole.agents.size} agents, ` +
            `${edges} edges, tokens ${usage.input_tokens} in, ${usage.cache_read_tokens} cache read, ` +
            `${usage.cache_write_tokens} cache write, ${usage.output_tokens} out, $${(usage.reported_usd + usage.priced_usd).toFixed(2)}; ` +
            `${seconds.toFixed(1)} s; forgotten ${forgotten_tasks} tasks, ${forgotten_features} features, ${forgotten_agents} agents\n` +
            `D1: tasks ${JSON.stringify(counted.tasks)} features ${JSON.stringify(counted.features)} agents ${JSON.stringify(counted.agents)}`,
        );
      },
      180_000,
    );
  },
);

async function readState(url: string, key: string, query = ""): Promise<StateResponse> {
  const reply = await fetch(`${url}/v1/state${query}`, { headers: { authorization: `Bearer ${key}` } });
  expect(reply.status).toBe(200);
  return (await reply.json()) as StateResponse;
}

/** The events of an export; the lines of its chain are no events. */
function exported(path: string): StoredEvent[] {
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text) as StoredEvent)
    .filter((line) => "event_type" in line);
}
