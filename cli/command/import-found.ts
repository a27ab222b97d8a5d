/** What `--discover` found, brought in as one history: read tool by tool, sent in the order of all their clocks. */
import { resolveConnection } from "../client/connection.ts";
import { runsByClock, type Run } from "../import/clock-order.ts";
import { addDelivery, deliver, noDelivery, type Delivery } from "../import/deliver.ts";
import type { Tally } from "../import/outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { TRANSCRIPT_TOOLS, type TranscriptFormat } from "../import/transcripts.ts";
import { summarise } from "../print/summary.ts";
import {
  explained,
  openImport,
  postAs,
  printEvent,
  readAnything,
  refusedAnything,
  type ImportOptions,
} from "./import-run.ts";
import { UserError } from "./user-error.ts";

interface Read {
  format: TranscriptFormat;
  tally: Tally;
  events: OutgoingEvent[];
  delivery: Delivery;
  seconds: number;
}

/** Exit code. */
export async function importFound(
  found: readonly { format: TranscriptFormat; folders: readonly string[] }[],
  options: ImportOptions,
): Promise<number> {
  const all: Read[] = [];
  let worst = 0;
  for (const { format, folders } of found) {
    const started = performance.now();
    try {
      const { tally, events } = await openImport(format, folders, options.progress);
      const read = { format, tally, events: await collect(events), delivery: noDelivery(), seconds: 0 };
      all.push({ ...read, seconds: (performance.now() - started) / 1000 });
      worst = Math.max(worst, readAnything(tally));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // One tool's folder is no reason to leave the others.
      options.progress.say(`clusterfork: ${TRANSCRIPT_TOOLS[format].title}: ${error.message}`);
      worst = Math.max(worst, error.exit_code);
    }
  }
  options.progress.clear();
  if (options.dry_run)
    for (const { events } of runsByClock(all.map(({ events }) => events))) events.forEach(printEvent);
  else await send(all, options);
  const say = options.dry_run ? console.error : console.log;
  for (const { format, tally, delivery, seconds } of all) {
    say(summarise({ format, tally, delivery: options.dry_run ? null : delivery, seconds }));
    worst = Math.max(worst, refusedAnything(delivery));
  }
  return worst;
}

async function send(all: readonly Read[], { flags, batch_events, progress }: ImportOptions): Promise<void> {
  const connection = resolveConnection(flags);
  const total = all.reduce((sum, { events }) => sum + events.length, 0);
  let sent = 0;
  const sendRun = async ({ place, events }: Run): Promise<void> => {
    const read = all[place];
    if (read === undefined) return;
    const started = performance.now();
    const post = postAs(read.format, connection, progress);
    const part = await deliver(events, { batch_events, skip: 0, post, onBatch: () => undefined });
    // What the project held before is said once, by whoever came first: the rest is of this very import.
    addDelivery(read.delivery, sent === 0 ? part : { ...part, first_seq: null });
    read.seconds += (performance.now() - started) / 1000;
    sent += events.length;
    progress.show(`sent ${sent} events`, sent / total);
  };
  await explained(progress, async () => {
    for (const run of runsByClock(all.map(({ events }) => events))) await sendRun(run);
  });
}

async function collect(events: AsyncIterable<OutgoingEvent>): Promise<OutgoingEvent[]> {
  const all: OutgoingEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
