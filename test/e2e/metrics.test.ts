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

class Money {
  reported = 0;
  priced = 0;
  missing = 0;
  add({ metrics, metadata }: StoredEvent): void {
    if (metrics?.cost_usd === undefined) this.missing += 1;
    else if (metadata?.["cost_source"] === "priced") this.priced += metrics.cost_usd;
    else this.reported += metrics.cost_usd;
  }
  get usd(): number {
    return this.reported + this.priced;
  }
  /** As the command is to say it. */
  get text(): string {
    const without = `${this.missing} calls without a price`;
    if (this.reported + this.priced === 0) return `unknown: ${without}`;
    const basis =
      this.priced === 0
        ? ""
        : this.reported === 0
          ? " (priced)"
          : ` (${moneyText(this.reported)} reported, ${moneyText(this.priced)} priced)`;
    return `${moneyText(this.usd)}${basis}${this.missing === 0 ? "" : ` + ${without}`}`;
  }
}

/** What the feature's calls cost by role, added up by hand. */
function recount(feature_id: string): { total: Money; roles: [string, Money][] } {
  const total = new Money();
  const roles = new Map<string, Money>();
  for (const event of log) {
    if (event.event_type !== "tokens_used" || event.feature_id !== feature_id) continue;
    const role = event.agent_role;
    if (role === undefined) throw new Error("The simulated team names the role of each call.");
    const money = roles.get(role) ?? new Money();
    roles.set(role, money);
    for (const account of [total, money]) account.add(event);
  }
  return { total, roles: [...roles].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

describe("clusterfork metrics", () => {
  it("[M1] [M2] tells a feature's cost by role, to the cent as the log has it", async () => {
    const features = new Set(
      log.flatMap(({ event_type, feature_id }) =>
        event_type === "tokens_used" && feature_id !== undefined ? [feature_id] : [],
      ),
    );
    expect(features.size).toBeGreaterThanOrEqual(3);
    for (const feature of features) {
      const { roles, total } = recount(feature);
      expect(total.reported).toBeGreaterThan(0);
      expect(total.priced).toBeGreaterThan(0);
      const text = await run(["metrics", "--feature", feature, "--metric", "cost"]);
      expect(text.out.trimEnd().split("\n")).toEqual([
        `Total: ${total.text}`,
        ...roles.map(([role, money]) => `${role}: ${money.text}`),
      ]);
      const json = await run(["metrics", "--feature", feature, "--metric", "cost", "--json"]);
      const { rows } = JSON.parse(json.out) as MetricsResponse;
      for (const [role, { usd }] of roles)
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
    expect(all.out).not.toMatch(/NaN|undefined|null|[▁▂▃▄▅▆▇█]/);
    expect(all.out.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
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
