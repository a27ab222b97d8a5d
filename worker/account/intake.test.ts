import { describe, expect, it, vi } from "vitest";
import { DEFAULT_INTAKE } from "../../schema/wire/intake.ts";
import { log, logs } from "../../test/sample/otlp.ts";
import { logsAdapter } from "../intake/otlp/logs.ts";
import { createReadIntake } from "./intake.ts";
import { KEPT_MS } from "./remembered.ts";

/** D1 as far as one `select` goes: rows as drizzle asks for them, or an outage. */
function databaseOf(rows: () => unknown[][]): { d1: D1Database; asked: () => number } {
  let asked = 0;
  const statement = {
    bind: () => statement,
    raw: () => {
      asked += 1;
      return Promise.resolve().then(rows);
    },
  };
  return { d1: { prepare: () => statement } as unknown as D1Database, asked: () => asked };
}

describe("the intake settings of a project", () => {
  it("are read once in ten seconds, and a change holds after them", async () => {
    let row = JSON.stringify({ content: false, branches: ["{feature}"] });
    const { d1, asked } = databaseOf(() => [[row]]);
    const read = createReadIntake();
    expect(await read(d1, "p1", 0)).toEqual({
      ...{ content: false, branches: ["{feature}"], enforce_budgets: false, deliver_lessons: false },
    });
    row = JSON.stringify({ content: true, branches: [], enforce_budgets: true });
    expect((await read(d1, "p1", KEPT_MS - 1)).content).toBe(false);
    expect(asked()).toBe(1);
    expect(await read(d1, "p1", KEPT_MS)).toEqual({
      content: true,
      branches: [],
      enforce_budgets: true,
      deliver_lessons: false,
    });
    await read(d1, "p2", KEPT_MS);
    expect(asked()).toBe(3);
  });

  it("name the work of what arrives after a change of the patterns, and of nothing before it", async () => {
    let branches = ["{feature}/{task}"];
    const { d1 } = databaseOf(() => [[JSON.stringify({ content: false, branches })]]);
    const read = createReadIntake();
    const arrives = async (now_ms: number, request_id: string): Promise<unknown> => {
      const request = log("claude_code.api_request", { "git.branch": "auth/T-7", request_id, model: "m" });
      const settings = await read(d1, "p1", now_ms);
      const { events } = logsAdapter(logs([request], "claude-code"), {
        now_ms,
        settings,
        sha256: (text) => `hash of ${text}`,
      });
      const { feature_id, task_id } = events.find(({ id }) => id === request_id) ?? {};
      return { feature_id, task_id };
    };
    expect(await arrives(0, "req-1")).toEqual({ feature_id: "auth", task_id: "T-7" });
    branches = ["auth/{task}"];
    // No feature is named by it any more: such work is unassigned, not dropped.
    expect(await arrives(KEPT_MS, "req-2")).toEqual({ feature_id: undefined, task_id: "T-7" });
    branches = ["{task}/{feature}"];
    expect(await arrives(2 * KEPT_MS, "req-3")).toEqual({ feature_id: "T-7", task_id: "auth" });
  });

  it("are the defaults where none are set, or none that can be read", async () => {
    for (const rows of [[], [[null]], [["{"]], [[`{"content":"yes"}`]]]) {
      expect(await createReadIntake()(databaseOf(() => rows).d1, "p1", 0)).toEqual(DEFAULT_INTAKE);
    }
  });

  it("[B1] are the last known ones while D1 is away, else those that keep nothing", async () => {
    const quiet = vi.spyOn(console, "error").mockImplementation(() => undefined);
    let away = false;
    const { d1 } = databaseOf(() => {
      if (away) throw new Error("D1_ERROR: away");
      return [[JSON.stringify({ content: true, branches: [] })]];
    });
    const read = createReadIntake();
    expect((await read(d1, "p1", 0)).content).toBe(true);
    away = true;
    expect((await read(d1, "p1", KEPT_MS)).content).toBe(true);
    expect(await read(d1, "p2", KEPT_MS)).toEqual(DEFAULT_INTAKE);
    quiet.mockRestore();
  });
});
