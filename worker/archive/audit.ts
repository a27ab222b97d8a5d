/**
 * The nightly audit of one project's chain (L5), as a durable job.
 *
 *   D1: heads noted by the drain ──▶ room: walk the chain past them, part by part ──▶ room: note the verdict
 *                                                                     └── broken: alert_raised, once for each break
 *
 * Every step may run twice (B2): reading and walking change nothing, the note
 * replaces itself, and the alert's id is derived from what broke. Without D1
 * there is no verdict rather than one without a witness: the steps are tried
 * again for a while, and the room then starts another attempt.
 */
import {
  WorkflowEntrypoint,
  type WorkflowEvent,
  type WorkflowStep,
  type WorkflowStepConfig,
} from "cloudflare:workers";
import type { AppendPort, OwnEvent } from "../../schema/event/own.ts";
import type { Head } from "../../schema/wire/http.ts";
import type { Env } from "../env.ts";
import { readAnchors } from "./anchors.ts";
import { AUDIT_RETRIES, AUDIT_RETRY_MS, AUDIT_STEP_TIMEOUT_MS } from "./limits.ts";
import type { AuditParams } from "./start-audit.ts";

type Verdict =
  | { ok: true; seq: number; hash: string; forgotten: number; unwitnessed: number }
  | { ok: false; seq: number; reason: string };

/** What the audit needs of the room. */
export interface AuditedRoom {
  walkChain(
    place: string | null,
    anchors: Head[],
  ): Promise<{ place: string; verdict: null } | { place: null; verdict: Verdict; to: number }>;
  noteAudit(finding: { verdict: Verdict; to: number; anchors: number }, done: boolean): Promise<void>;
}

type Walk = Awaited<ReturnType<AuditedRoom["walkChain"]>>;

export type OpenAudited = (project_id: string) => { room: AuditedRoom; append: AppendPort };

const STEP: WorkflowStepConfig = {
  retries: { limit: AUDIT_RETRIES, delay: AUDIT_RETRY_MS, backoff: "exponential" },
  timeout: AUDIT_STEP_TIMEOUT_MS,
};

export class ChainAudit extends WorkflowEntrypoint<Env, AuditParams> {
  readonly #open: OpenAudited;

  constructor(ctx: ExecutionContext, env: Env, open: OpenAudited) {
    super(ctx, env);
    this.#open = open;
  }

  override async run(event: Readonly<WorkflowEvent<AuditParams>>, step: WorkflowStep): Promise<Verdict> {
    const { project_id } = event.payload;
    const { room, append } = this.#open(project_id);
    const anchors = await step.do("read the archived heads", STEP, () =>
      readAnchors(this.env.DB, project_id),
    );
    let place: string | null = null;
    for (let part = 1; ; part += 1) {
      const from: string | null = place;
      const walk: Walk = await step.do(`walk the chain, part ${String(part)}`, STEP, (): Promise<Walk> =>
        room.walkChain(from, anchors),
      );
      if (walk.verdict === null) {
        place = walk.place;
        continue;
      }
      const { verdict, to } = walk;
      const finding = { verdict, to, anchors: anchors.length };
      // The verdict first: a room whose log is broken may not be able to take the alert.
      await step.do("note the verdict", STEP, () => room.noteAudit(finding, verdict.ok));
      if (!verdict.ok) {
        await step.do("raise the alert", STEP, () => append([alert(verdict, event.timestamp)]));
        await step.do("close the audit", STEP, () => room.noteAudit(finding, true));
      }
      return verdict;
    }
  }
}

/** One for each break, however many nights find it. */
function alert({ seq, reason }: Extract<Verdict, { ok: false }>, time: Date): OwnEvent {
  const at = String(seq);
  return {
    organ: "audit",
    cause: ["chain_broken", seq, reason],
    event_type: "alert_raised",
    timestamp: time.toISOString(),
    metadata: {
      alert_id: `chain_broken-${at}`,
      rule: "chain_broken",
      severity: "critical",
      title: `The log is not what was stored, from seq ${at} on`,
      message: `The hash chain breaks at seq ${at}: ${reason}. Change nothing in the project's storage. Keep \`clusterfork export --out broken.ndjson\`, compare it with an earlier export (\`clusterfork verify FILE --head SEQ:HASH\` tells which of them is whole), and restore the storage from a backup of before.`,
      reason,
    },
    metrics: { value: seq },
  };
}
