/** The modules of a room, wired: what a room that is awake consists of. It reads the tables, so it may throw. */
import type { Env } from "../env.ts";
import { Audit } from "./audit.ts";
import { BudgetDesk } from "./budget-desk.ts";
import { Thresholds } from "./budget-threshold.ts";
import { readDelivery } from "./delivery.ts";
import { Drain } from "./drain.ts";
import { Forwarding } from "./forward.ts";
import { Gate } from "./gate.ts";
import type { Gauges } from "./gauges.ts";
import { IdsJob } from "./ids/job.ts";
import { Lessons } from "./lessons.ts";
import { Live } from "./memory.ts";
import { Notices } from "./notices.ts";
import type { Ports } from "./ports.ts";
import { appendPort } from "./own.ts";
import { Publisher } from "./publish.ts";
import { Reader } from "./reader.ts";
import { Reflections } from "./reflections.ts";
import { Shared } from "./shared.ts";
import { sourceOf } from "./source.ts";
import { migrate } from "./tables.ts";
import type { WakeAt } from "./wake.ts";
import { Watch } from "./watch.ts";
import { Writer } from "./writer.ts";

export interface Parts {
  /** With its tables as they should be. */
  sql: SqlStorage;
  live: Live;
  shared: Shared;
  reader: Reader;
  gate: Gate;
  publisher: Publisher;
  drain: Drain | null;
  audit: Audit | null;
  forwarding: Forwarding | null;
  watch: Watch | null;
  notices: Notices;
  lessons: Lessons | null;
  reflections: Reflections | null;
  ids_job: IdsJob;
  writer: Writer;
  budgets: BudgetDesk;
  thresholds: Thresholds;
}

export function openParts(
  ctx: DurableObjectState,
  env: Env,
  { openArchive, startAudit, openForward, openWatchers, openNotify, openLearn, startReflection }: Ports,
  gauges: Gauges,
  wakeAt: WakeAt,
): Parts {
  const { sql } = ctx.storage;
  migrate(ctx.storage);
  const live = new Live(sql, gauges.unfoldable);
  const shared = new Shared(sql, live, env.KEY_SECRET, Date.now());
  const publisher = new Publisher(sourceOf(ctx, live, shared, wakeAt), readDelivery(sql));
  const drain = openArchive ? new Drain(ctx, openArchive, wakeAt, gauges) : null;
  const audit = startAudit ? new Audit(ctx, startAudit, wakeAt, gauges) : null;
  const forwarding = openForward ? new Forwarding(ctx, openForward, wakeAt, gauges) : null;
  const watch = openWatchers ? new Watch(ctx, live, openWatchers, wakeAt, gauges) : null;
  const notices = new Notices(ctx, live, openNotify, wakeAt, gauges);
  const lessons = openLearn ? new Lessons(ctx, openLearn, wakeAt, gauges) : null;
  const reflections = startReflection ? new Reflections(ctx, live, startReflection, wakeAt, gauges) : null;
  const ids_job = new IdsJob(ctx, live, wakeAt, gauges);
  const thresholds = new Thresholds(ctx, live, (events) => own(events), wakeAt, gauges);
  const gate = new Gate(sql, env, Date.now());
  const writer = new Writer({
    storage: ctx.storage,
    live,
    shared,
    gate,
    publisher,
    drain,
    audit,
    gauges,
    forwarding,
    watch,
    notices,
    lessons,
    reflections,
    ids_job,
    thresholds,
    wait_until: (work) => ctx.waitUntil(work),
    wake_at: wakeAt,
  });
  const own = appendPort(writer);
  watch?.speakThrough((principal, batch) => writer.append(principal, batch));
  const reader = new Reader(sql, live, shared);
  const budgets = new BudgetDesk(live, writer, gate);
  return {
    ...{ sql, live, shared, reader, gate, publisher, drain, audit, forwarding, watch, ids_job, writer },
    ...{ budgets, thresholds, notices, lessons, reflections },
  };
}
