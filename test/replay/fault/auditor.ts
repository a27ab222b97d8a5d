/** The nightly audit, whose steps fail, run twice, or are cut off with the room that they wait for. */
import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { ChainAudit, type AuditedRoom } from "../../../worker/archive/audit.ts";
import type { AuditParams } from "../../../worker/archive/start-audit.ts";
import type { Env } from "../../../worker/env.ts";
import type { AuditRun } from "../../../worker/room/contract.ts";
import { Bare } from "./context.ts";
import type { Draw } from "./draw.ts";
import type { Faulty } from "./faulty.ts";

const RETRIES = 5;
const RETRY_MS = 30_000;

export class Auditor {
  /** Runs that came to a verdict. */
  verdicts = 0;
  readonly #draw: Draw;
  readonly #started = new Set<string>();
  readonly #audit: ChainAudit;
  readonly #failed: (error: Error) => void;

  /** `archive` stands between it and `db`; `room` is whichever lives. */
  constructor(
    draw: Draw,
    archive: Faulty,
    db: D1Database,
    room: () => AuditedRoom,
    failed: (error: Error) => void,
  ) {
    this.#draw = draw;
    this.#failed = failed;
    const prepare = (query: string) => ({
      bind: (...values: unknown[]) => ({
        all: () =>
          archive.call(
            () => true,
            () =>
              db
                .prepare(query)
                .bind(...values)
                .all(),
          ),
      }),
    });
    const noted: AuditedRoom = {
      walkChain: (place, anchors) => room().walkChain(place, anchors),
      noteAudit: async (finding, done) => {
        if (!finding.verdict.ok)
          failed(new Error(`[L5] the audit says of seq ${finding.verdict.seq}: ${finding.verdict.reason}`));
        await room().noteAudit(finding, done);
      },
    };
    const append = async () => {
      throw new Error("there is nothing to tell");
    };
    Object.setPrototypeOf(ChainAudit, Bare);
    try {
      const open = () => ({ room: noted, append });
      this.#audit = new ChainAudit({} as ExecutionContext, { DB: { prepare } } as unknown as Env, open);
    } finally {
      Object.setPrototypeOf(ChainAudit, WorkflowEntrypoint);
    }
  }

  async start(project_id: string, run: AuditRun): Promise<void> {
    if (this.#draw.chance(0.2)) throw new Error("it was not started");
    const id = `${run.day} ${run.attempt}`;
    if (!this.#started.has(id)) {
      this.#started.add(id);
      const event = { payload: { project_id, ...run }, timestamp: new Date() };
      void this.#audit
        .run(event as unknown as WorkflowEvent<AuditParams>, this.#steps())
        .then(() => (this.verdicts += 1))
        .catch((error: Error) => {
          // Its tries are used up: the room starts another attempt.
          if (!error.message.startsWith("a step")) this.#failed(error);
        });
    }
    if (this.#draw.chance(0.2)) throw new Error("nobody heard that it was started");
  }

  #steps(): WorkflowStep {
    const perform = async (_name: string, _config: unknown, work: () => Promise<unknown>) => {
      for (let tries = 0; tries <= RETRIES; tries += 1) {
        try {
          if (this.#draw.chance(0.1)) await work();
          if (this.#draw.chance(0.1)) throw new Error("its answer was lost");
          return await work();
        } catch {
          await scheduler.wait(RETRY_MS * 2 ** tries);
        }
      }
      throw new Error("a step failed for good");
    };
    return { do: perform } as unknown as WorkflowStep;
  }
}
