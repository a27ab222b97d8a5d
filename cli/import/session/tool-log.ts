/**
 * Tool calls: told when the result is there, so that success and duration are
 * known. Lists of tasks and test runs are read from the same pairs.
 *
 *   use ──(waits)──▶ result ──▶ tool_called ─┬▶ test_passed / test_failed   (a shell command)
 *                                            ├▶ tasks                       (TaskCreate, TaskUpdate, TodoWrite)
 *                                            └▶ human_intervened            (a person refused it)
 */
import type { Json } from "../../../schema/event/event.ts";
import { object, text } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import type { Archive } from "./archive.ts";
import { relativePath } from "./name.ts";
import type { ToolResult, ToolUse } from "./record.ts";
import type { Scene } from "./scene.ts";
import type { TaskList } from "./task-list.ts";
import { readTestRun } from "./test-run.ts";

interface Waiting {
  use: ToolUse;
  scene: Scene;
  key: string;
  cwd: string | null;
}

export class ToolLog {
  readonly #tasks: TaskList;
  readonly #archive: Archive;
  readonly #tally: Tally;
  readonly #waiting = new Map<string, Waiting>();

  constructor(tasks: TaskList, archive: Archive, tally: Tally) {
    this.#tasks = tasks;
    this.#archive = archive;
    this.#tally = tally;
  }

  use(use: ToolUse, scene: Scene, key: string, cwd: string | null): void {
    // A copied call has another uuid where a version writes lines anew.
    if (this.#archive.tools.has(use.id)) return;
    this.#archive.tools.add(use.id);
    this.#waiting.set(use.id, { use, scene, key, cwd });
    if (use.act === "ask")
      this.#archive.tell(scene, "clarification_requested", { metadata: { to: "user" }, record: use.id });
  }

  result(result: ToolResult, scene: Scene): void {
    const waiting = this.#waiting.get(result.id);
    if (waiting === undefined) {
      if (!this.#archive.tools.has(result.id))
        this.#tally.note("a result of a tool call that is in none of the files", result.id);
      return;
    }
    this.#waiting.delete(result.id);
    const then: Scene = { ...waiting.scene, ms: scene.ms };
    this.#tellCall(waiting, then, result);
    if (result.rejected)
      this.#archive.tell(then, "human_intervened", {
        metadata: { action: "rejected", by: "user", tool: waiting.use.name },
        record: result.id,
      });
    else this.#readOutcome(waiting, then, result);
  }

  /** Calls whose result never came; in a session that goes on it may still come. */
  end(over: boolean): void {
    if (!over) return;
    for (const waiting of this.#waiting.values()) this.#tellCall(waiting, waiting.scene, null);
    this.#waiting.clear();
  }

  #tellCall({ use, scene, cwd }: Waiting, then: Scene, result: ToolResult | null): void {
    const server = text(use.input["server"])?.slice(0, 200) ?? /^mcp__(.+?)__/.exec(use.name)?.[1];
    const path = pathOf(use, cwd);
    const metadata: Record<string, Json> = {
      tool: use.name,
      tool_call_id: use.id.slice(0, 200),
      ...(result === null ? {} : { success: !result.failed && !result.rejected }),
      ...(result?.rejected === true
        ? { error_type: "rejected" }
        : result?.failed === true
          ? { error_type: "error" }
          : {}),
      ...(path === null ? {} : { path }),
      ...(server === undefined ? {} : { server }),
    };
    const duration_ms = result === null ? null : durationOf(result, then.ms - scene.ms);
    this.#archive.tell(then, "tool_called", {
      id: use.id,
      metadata,
      metrics: duration_ms === null ? {} : { duration_ms },
    });
  }

  #readOutcome({ use, key, cwd }: Waiting, then: Scene, result: ToolResult): void {
    if (use.act === "shell") return this.#readTests(use, then, result);
    if (result.failed) return;
    switch (use.act) {
      case "task-create": {
        const number =
          text(object(result.details["task"])["id"]) ?? /Task #(\S+) created/.exec(result.output)?.[1];
        if (number !== undefined) this.#tasks.create(then, number, use.input);
        return;
      }
      case "task-update":
        return this.#tasks.update(then, key, use.input);
      case "todos":
        return this.#tasks.write(then, key, use.input);
      case "write":
        for (const path of use.paths) this.#tasks.touch(then.task, relativePath(path, cwd));
        return;
      case "ask":
      case "other":
        return;
    }
  }

  #readTests(use: ToolUse, then: Scene, result: ToolResult): void {
    const run = readTestRun(text(use.input["command"]) ?? "", result.output, result.failed);
    if (run === null) return;
    const { passed, failed, skipped } = run;
    this.#archive.tell(then, run.success ? "test_passed" : "test_failed", {
      id: `${use.id}#test`,
      metadata: { tool: run.runner, evidence: "output" },
      metrics: {
        ...(passed === null ? {} : { passed }),
        ...(failed === null ? {} : { failed }),
        ...(skipped === null ? {} : { skipped }),
      },
    });
  }
}

function pathOf(use: ToolUse, cwd: string | null): string | null {
  const [path] = use.paths;
  return path === undefined ? null : relativePath(path, cwd);
}

/** What the tool measured itself, else the time between call and result, waiting for a person included. */
function durationOf(result: ToolResult, between_ms: number): number | null {
  if (result.duration_ms !== undefined) return result.duration_ms;
  for (const field of ["durationMs", "totalDurationMs"]) {
    const measured = result.details[field];
    if (typeof measured === "number" && Number.isFinite(measured) && measured >= 0)
      return Math.round(measured);
  }
  return between_ms >= 0 ? between_ms : null;
}
