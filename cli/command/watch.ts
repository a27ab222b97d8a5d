/** `clusterfork import FORMAT PATHS… --watch`: sessions onto the screen while they go on. */
import { resolveConnection, type ConnectionFlags } from "../client/connection.ts";
import { postEvents, RequestError } from "../client/transport.ts";
import { MAX_BATCH_BYTES } from "../import/deliver.ts";
import { Book } from "../import/follow/book.ts";
import { Follower } from "../import/follow/follow.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { TRANSCRIPT_TOOLS, type TranscriptFormat } from "../import/transcripts.ts";
import type { Progress } from "../print/progress.ts";
import { explainRequest } from "./refusal.ts";
import { UserError } from "./user-error.ts";

/** Between two looks at the files, ms, unless reading takes longer. */
const LOOK_MS = 1_000;
/** Reading takes at most this share of the time, as the factor by which it is waited after it. */
const REST_FACTOR = 4;
const MAX_REST_MS = 30_000;
/** Tries of one request before the files are looked at again: Ctrl-C is heard in between. */
const TRIES = 2;

interface Watched {
  sent: number;
  accepted: number;
  duplicates: number;
  refused: number;
}

export async function watch(
  format: TranscriptFormat,
  paths: readonly string[],
  options: { flags: ConnectionFlags; batch_events: number; progress: Progress },
): Promise<number> {
  const { progress } = options;
  const connection = resolveConnection(options.flags);
  const book = new Book(connection);
  const follower = new Follower(format, paths, book.settled());
  const total: Watched = { sent: 0, accepted: 0, duplicates: 0, refused: 0 };
  const stop = onStop();
  const post = async (lines: string[]): Promise<void> => {
    const answer = await postEvents(connection, lines, format, { maxTries: TRIES });
    total.sent += lines.length;
    total.accepted += answer.accepted;
    total.duplicates += answer.duplicates;
    total.refused += answer.results?.length ?? 0;
    for (const { message } of answer.results ?? []) progress.say(`refused: ${message}`);
  };
  progress.say(`following ${TRANSCRIPT_TOOLS[format].title} in ${paths.join(", ")}; Ctrl-C ends it`);
  let complained = false;
  while (!stop.asked) {
    const began = performance.now();
    try {
      const reading = await follower.read(Date.now());
      for (const batch of batches(reading?.events ?? [], options.batch_events)) {
        if (stop.asked) break;
        await book.tell(batch, post);
      }
      if (reading !== null && !stop.asked) {
        reading.done();
        await book.settle(reading.settled);
        progress.show(
          `${follower.files} ${follower.files === 1 ? "file" : "files"}, ${total.accepted} new events`,
          null,
        );
      }
      if (complained) progress.say("the server is back.");
      complained = false;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error.status >= 400 && error.status < 500 && error.status !== 429)
        throw new UserError(`${explainRequest(error)} What was not sent is sent by the next run.`);
      // Said once: a server may be away for an hour.
      if (!complained) progress.say(`${error.message} What is new waits; trying again.`);
      complained = true;
    }
    const took_ms = performance.now() - began;
    await stop.within(Math.max(LOOK_MS, Math.min(MAX_REST_MS, took_ms * REST_FACTOR)));
  }
  stop.forget();
  progress.clear();
  console.log(
    `${format}: followed ${follower.files} ${follower.files === 1 ? "file" : "files"}; ${total.sent} events sent: ` +
      `${total.accepted} new, ${total.duplicates} already there${total.refused > 0 ? `, ${total.refused} refused` : ""}`,
  );
  return total.refused > 0 ? 1 : 0;
}

function* batches(events: readonly OutgoingEvent[], most: number): Generator<OutgoingEvent[]> {
  let batch: OutgoingEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 1;
    if (batch.length >= most || (bytes + size > MAX_BATCH_BYTES && batch.length > 0)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

interface Stop {
  readonly asked: boolean;
  /** Waits, and no longer than until it is asked to stop. */
  within: (ms: number) => Promise<void>;
  forget: () => void;
}

/** The first signal ends it in order; a second one at once. */
function onStop(): Stop {
  let asked = false;
  let wake: () => void = () => undefined;
  const hear = (): void => {
    asked = true;
    wake();
  };
  process.once("SIGINT", hear);
  process.once("SIGTERM", hear);
  return {
    get asked() {
      return asked;
    },
    within: (ms) =>
      new Promise((done) => {
        if (asked) return done();
        const timer = setTimeout(done, ms);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      }),
    forget() {
      process.removeListener("SIGINT", hear);
      process.removeListener("SIGTERM", hear);
    },
  };
}
