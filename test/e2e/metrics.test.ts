/** `clusterfork metrics` and `agents` on a simulated team: what they print is what the log adds up to. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { moneyText } from "../../schema/event/describe/figure.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { readLog, signUp, type Account } from "./account.ts";
import { runCommand } from "./command.ts";
import { dataFolder, startServer, type Running } from "./server.ts";

const folder = dataFolder();
let server: Running;
let account: Account;
let log: StoredEvent[];

beforeAll(async () => {
  server = await startServer(folder.path);
  account = await signUp(server.url, "Measured");
  const simulated = await run(
    ["simulate", "--features", "3", "--seed", "5", "--start", "now-6h", "--quiet"],
    "ingest",
  );
  expect(simulated, simulated.err).toMatchObject({ code: 0 });
  log = await readLog(server.url, account.keys.read);
}, 120_000);
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const run = (args: string[], key: "ingest" | "read" = "read") =>
  runCommand(args, { url: server.url, key: account.keys[key], home: folder.path }).ended;

/** Role and cost of the feature's calls, added up by hand. */
function recount(feature_id: string): { roles: Map<string, number>; total: number } {
  const roles = new Map<string, number>();
  let total = 0;
  for (const event of log) {
    if (event.event_type !== "tokens_used" || event.feature_id !== feature_id) continue;
    const usd = event.metrics?.cost_usd;
    if (usd === undefined || event.agent_role === undefined)
      throw new Error("The simulated team names role and cost of each call.");
    roles.set(event.agent_role, (roles.get(event.agent_role) ?? 0) + usd);
    total += usd;
  }
  return { roles, total };
}

describe("clusterfork metrics", () => {
  it("[M1] tells a feature's cost by role, to the cent as the log has it", async () => {
    const features = new Set(
      log.flatMap(({ event_type, feature_id }) =>
        event_type === "tokens_used" && feature_id !== undefined ? [feature_id] : [],
      ),
    );
    expect(features.size).toBeGreaterThanOrEqual(3);
    for (const feature of features) {
      const { roles, total } = recount(feature);
      expect(total).toBeGreaterThan(0);
      const text = await run(["metrics", "--feature", feature, "--metric", "cost"]);
      const figures = text.out
        .trimEnd()
        .split("\n")
        .map((line) => line.replace(/ \(.*$/, ""));
      const expected = [...roles].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(figures).toEqual([
        `Total: ${moneyText(total)}`,
        ...expected.map(([role, usd]) => `${role}: ${moneyText(usd)}`),
      ]);
      const json = await run(["metrics", "--feature", feature, "--metric", "cost", "--json"]);
      const { rows } = JSON.parse(json.out) as MetricsResponse;
      for (const [role, usd] of expected)
        expect(rows.find(({ metric, group }) => metric === "cost" && group === role)?.value).toBeCloseTo(
          usd,
          9,
        );
    }
  }, 60_000);
  it("shows all metrics as plain text where nobody looks, and unknown of what does not exist", async () => {
    const all = await run(["metrics"]);
    expect(all, all.err).toMatchObject({ code: 0 });
    expect(all.out).toMatch(/^Time to review +\S.* (✓ met|✗ missed) /m);
    expect(all.out).not.toMatch(/NaN|undefined|null|[▁▂▃▄▅▆▇█]|\u001b/);
    const none = await run(["metrics", "--feature", "no-such", "--metric", "time_to_review"]);
    expect(none.out).toMatch(/^Time to review +unknown +0 .*\? unknown/m);
    const refused = await run(["metrics", "--window", "2y"]);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("window");
  });
  it("and agents gives each coder a verdict", async () => {
    const coders = new Set(
      log.flatMap(({ agent_role, agent_id }) => (agent_role === "coder" ? [agent_id] : [])),
    );
    const { out, err } = await run(["agents", "--role", "coder", "--metric", "efficiency"]);
    const [head = "", , ...lines] = out.trimEnd().split("\n");
    expect(head, err).toMatch(/^agent +tasks +Efficiency +verdict$/);
    const told = lines.slice(0, lines.includes("") ? lines.indexOf("") : undefined);
    expect(told.map((line) => line.split(" ")[0])).toEqual([...coders].sort());
  });
});
