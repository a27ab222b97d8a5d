import { describe, expect, it } from "vitest";
import { METRICS } from "./definition.ts";
import type { Unit } from "./metric.ts";
import { redactRows } from "./redact.ts";

const ALL_SHOWN = { cost: false, name: false, title: false, text: false };
const alias = (name: string) => `anon-${name.length}`;
const rows = METRICS.map(({ id }) => ({ metric: id, group: "rictus", value: 1 }));

describe("redactRows", () => {
  it("[T2] shows no metric of tokens or money where costs are hidden", () => {
    const money: Unit[] = ["usd", "usd_per_hour", "tokens", "per_1k_tokens"];
    const shown = redactRows(rows, undefined, { ...ALL_SHOWN, cost: true }, alias).map(
      ({ metric }) => metric,
    );
    for (const { id, unit } of METRICS) expect(shown.includes(id), id).toBe(!money.includes(unit));
    expect(
      redactRows([{ metric: "made_up", group: null }], undefined, { ...ALL_SHOWN, cost: true }, alias),
    ).toEqual([]);
  });

  it("[T2] gives agents their alias where names are hidden, and leaves other groups", () => {
    const hidden = { ...ALL_SHOWN, name: true };
    expect(redactRows(rows.slice(0, 1), "agent", hidden, alias)[0]?.group).toBe("anon-6");
    expect(redactRows(rows.slice(0, 1), "role", hidden, alias)[0]?.group).toBe("rictus");
    expect(redactRows([{ metric: "cost", group: null }], "agent", hidden, alias)[0]?.group).toBeNull();
  });

  it("shows all where nothing is hidden", () => {
    expect(redactRows(rows, "agent", ALL_SHOWN, alias)).toEqual(rows);
  });
});
