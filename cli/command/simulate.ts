/** `clusterfork simulate`: a made-up team at work, through the same door as any sender. */
import { createWriteStream, writeFileSync } from "node:fs";
import type { Writable } from "node:stream";
import { resolveConnection, type Connection } from "../client/connection.ts";
import { postEvents, RequestError } from "../client/transport.ts";
import { deliver, MAX_BATCH_EVENTS, type Delivery } from "../import/deliver.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { Progress } from "../print/progress.ts";
import { summariseDelivery } from "../print/summary.ts";
import { paceEvents, wallClock, type Clock, type Pace } from "../simulate/pace.ts";
import { MAX_CODERS } from "../simulate/people.ts";
import { simulate, type SimulationOptions } from "../simulate/simulate.ts";
import { CONNECTION_OPTIONS, readFlags, wholeNumber } from "./flags.ts";
import { explainRequest } from "./refusal.ts";
import { DEFAULT_START, listPlants, readPlants, readSpeed, readTime, readUntil } from "./simulate-option.ts";
import { UserError } from "./user-error.ts";
import { tryingAgain } from "../print/sending.ts";

const MAX_SEED = 2 ** 32 - 1;
/** A team's work of ten years; without end is said with `endless`. */
const MAX_FEATURES = 100_000;
const MAX_RATE = 1_000_000;
const DEFAULT_BATCH_EVENTS = 500;

export async function simulateCommand(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("simulate", args, {
    ...CONNECTION_OPTIONS,
    seed: { type: "string", default: "1" },
    features: { type: "string", default: "20" },
    coders: { type: "string", default: "4" },
    start: { type: "string", default: DEFAULT_START },
    until: { type: "string" },
    "no-nights": { type: "boolean", default: false },
    plant: { type: "string", multiple: true, default: [] },
    plants: { type: "boolean", default: false },
    truths: { type: "string" },
    speed: { type: "string", default: "max" },
    rate: { type: "string" },
    batch: { type: "string", default: String(DEFAULT_BATCH_EVENTS) },
    out: { type: "string" },
    "dry-run": { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
  });
  if (positionals.length > 0)
    throw new UserError(
      `simulate takes options only, not "${positionals[0] ?? ""}". See \`clusterfork simulate --help\`.`,
      2,
    );
  if (values.plants) {
    console.log(listPlants());
    return 0;
  }
  const options: SimulationOptions = {
    seed: wholeNumber("seed", values.seed, 0, MAX_SEED),
    start_ms: readTime("start", values.start),
    features:
      values.features === "endless" ? null : wholeNumber("features", values.features, 1, MAX_FEATURES),
    coders: wholeNumber("coders", values.coders, 1, MAX_CODERS),
    nights: !values["no-nights"],
    planted: readPlants(values.plant),
  };
  const until_ms = values.until === undefined ? null : readUntil(values.until, options.start_ms);
  const pace: Pace = {
    speed: readSpeed(values.speed),
    rate: values.rate === undefined ? null : wholeNumber("rate", values.rate, 1, MAX_RATE),
  };
  const batch_events = wholeNumber("batch", values.batch, 1, MAX_BATCH_EVENTS);
  const out = values["dry-run"] ? "-" : values.out;
  // Before anything is generated: a missing key is told at once.
  const connection = out === undefined ? resolveConnection(values) : null;

  const { events, truths } = simulate(options);
  const stop = onStop();
  const features: string[] = [];
  const paced = paceEvents(noting(until(events, until_ms), features), pace, stop.clock);
  try {
    if (connection === null) {
      await write(paced, out ?? "-", stop.end);
      return 0;
    }
    const code = await send(paced, connection, batch_events, values.quiet, stop.clock);
    if (features.length > 0) console.log(featureLine(features));
    return code;
  } finally {
    stop.release();
    if (values.truths !== undefined)
      writeFileSync(values.truths, truths.map((truth) => `${JSON.stringify(truth)}\n`).join(""));
  }
}

async function send(
  events: AsyncIterable<OutgoingEvent | null>,
  connection: Connection,
  batch_events: number,
  quiet: boolean,
  clock: Clock,
): Promise<number> {
  const progress = new Progress(process.stderr, quiet);
  const started = performance.now();
  let delivery: Delivery;
  try {
    delivery = await deliver(events, {
      batch_events,
      skip: 0,
      post: (lines) =>
        postEvents(connection, lines, "simulate", {
          onRetry: (reason, wait_ms) => progress.say(`${reason} ${tryingAgain(wait_ms)}`),
        }),
      onBatch: ({ sent, accepted }) => {
        const rate = Math.round((1000 * sent) / (performance.now() - started));
        progress.show(`sent ${sent} events, ${accepted} new, ${rate}/s`, null);
      },
    });
  } catch (error) {
    progress.clear();
    if (error instanceof RequestError)
      throw new UserError(
        `${explainRequest(error)} What was sent is stored; run the same command again to go on.`,
      );
    throw error;
  }
  progress.clear();
  const seconds = (performance.now() - started) / 1000;
  console.log(`simulate ${clock.stopped ? "stopped" : "done"}. ${summariseDelivery(delivery, seconds)}`);
  return delivery.rejected > 0 || delivery.conflicts > 0 ? 1 : 0;
}

/** NDJSON to a file or standard output, no faster than its reader takes it. */
async function write(
  events: AsyncIterable<OutgoingEvent | null>,
  out: string,
  stop: () => void,
): Promise<void> {
  const stream: Writable = out === "-" ? process.stdout : createWriteStream(out);
  let failure: Error | null = null;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A reader such as `head` that has seen enough is no failure.
    if (error.code !== "EPIPE") failure = error;
    stop();
  });
  for await (const event of events) {
    if (event !== null && !stream.write(`${JSON.stringify(event)}\n`) && !stream.destroyed)
      await drained(stream);
  }
  if (out !== "-" && !stream.destroyed) await new Promise<void>((done) => stream.end(done));
  if (failure !== null) throw new UserError(`cannot write ${out}: ${(failure as Error).message}`);
}

/** When the reader takes more, or is gone. */
function drained(stream: Writable): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      stream.removeListener("drain", end);
      stream.removeListener("close", end);
      done();
    };
    stream.on("drain", end);
    stream.on("close", end);
  });
}

function* until(events: Iterable<OutgoingEvent>, until_ms: number | null): Generator<OutgoingEvent> {
  for (const event of events) {
    if (until_ms !== null && Date.parse(event.timestamp) > until_ms) return;
    yield event;
  }
}

/** The first features of a run; their ids end differently in each. */
const NAMED_FEATURES = 3;

function* noting(events: Iterable<OutgoingEvent>, features: string[]): Generator<OutgoingEvent> {
  for (const event of events) {
    const { event_type, feature_id } = event;
    if (
      event_type === "feature_requested" &&
      typeof feature_id === "string" &&
      features.length <= NAMED_FEATURES
    )
      features.push(feature_id);
    yield event;
  }
}

function featureLine(features: readonly string[]): string {
  const named = features.slice(0, NAMED_FEATURES).join(", ");
  const more = features.length > NAMED_FEATURES ? " and more" : "";
  return `features: ${named}${more}. How one went: clusterfork report ${features[0] ?? ""}`;
}

/** The first Ctrl-C (or SIGTERM) ends in order: what is in hand is still sent. A second one ends at once. */
function onStop(): { clock: Clock; end: () => void; release: () => void } {
  const stopping = new AbortController();
  const end = (): void => {
    stopping.abort();
    release();
  };
  const release = (): void => {
    process.removeListener("SIGINT", end);
    process.removeListener("SIGTERM", end);
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  return { clock: wallClock(stopping.signal), end, release };
}
