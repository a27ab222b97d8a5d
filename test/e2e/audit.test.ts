/** The nightly audit as `npm start` runs it: Workflows from the data folder, over restarts. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, it, vi } from "vitest";
import type { AuditResponse } from "../../schema/wire/audit.ts";
import { dataFolder, startServer, type Running } from "./server.ts";

const DAY_MS = 86_400_000;
/** Longer than the room waits for a verdict (AUDIT_STUCK_MS). */
const STUCK_MS = 31 * 60_000;
/** A run takes well under a second; a loaded machine must not fail it. */
const RUN_TIMEOUT_MS = 30_000;

const folder = dataFolder();
let server: Running | undefined;
afterAll(async () => {
  await server?.stop();
  folder.remove();
});

/** The stopped server's one room that has events. */
function inRoom(sql: string): void {
  const rooms = readdirSync(folder.path, { recursive: true, encoding: "utf8" }).filter((path) =>
    /ProjectRoom.*[0-9a-f]{64}\.sqlite$/.test(path),
  );
  expect(rooms).toHaveLength(1);
  const database = new DatabaseSync(join(folder.path, rooms[0] ?? ""));
  expect(database.prepare(sql).run().changes).toBeGreaterThan(0);
  database.close();
}

it("[B3] is made when its night was slept through, and again when a killed server left it stuck", async () => {
  server = await startServer(folder.path);
  const signup = await fetch(`${server.url}/api/signup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      team: "Audited",
      email: "audited@example.org",
      password: "correct horse battery",
    }),
  });
  const { keys } = (await signup.json()) as { keys: { ingest: string; read: string } };
  const sent = await fetch(`${server.url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${keys.ingest}`, "content-type": "application/json" },
    body: JSON.stringify(
      ["task_created", "task_started"].map((event_type) => ({
        event_type,
        timestamp: new Date().toISOString(),
        agent_id: "coder-a",
        task_id: "T-1",
      })),
    ),
  });
  expect(sent.status).toBe(200);
  const audit = async () => {
    const reply = await fetch(`${server?.url}/v1/audit`, {
      headers: { authorization: `Bearer ${keys.read}` },
    });
    return (await reply.json()) as AuditResponse;
  };
  const verdict = () =>
    vi.waitFor(
      async () => {
        const found = await audit();
        expect(found).toMatchObject({ last: { ok: true, seq: 2 }, running_since: null });
        return found.last?.at ?? 0;
      },
      { timeout: RUN_TIMEOUT_MS, interval: 200 },
    );
  // The control: before its night there is none.
  expect(await audit()).toEqual({ last: null, running_since: null });
  await server.stop();

  inRoom(`UPDATE log SET received_ms = received_ms - ${String(2 * DAY_MS)}`);
  server = await startServer(folder.path);
  const first = await verdict();
  await server.stop();
  // Instances live where everything else does.
  expect(readdirSync(join(folder.path, "workflows")).join()).toContain("clusterfork-chain-audit");

  inRoom(
    `UPDATE audit SET started_ms = ${String(Date.now() - STUCK_MS)}, checked_seq = 0, report = NULL WHERE attempt = 1`,
  );
  server = await startServer(folder.path);
  expect(await verdict()).toBeGreaterThan(first);
});
