/** After the faults: what must hold whatever happened. Each throws with what it found. */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import { readLog, readState } from "../e2e/account.ts";
import { runCommand } from "../e2e/command.ts";
import { countersOf, cursorOf, openArchive, recount } from "../e2e/recount.ts";
import type { Ledger } from "./ledger.ts";

export interface Place {
  url: string;
  data: string;
  project_id: string;
  read_key: string;
}

/** Faults that are told before the rest is left out. */
const TOLD = 10;

/** Every acknowledged event is stored once, as it was sent; the others at most once; `seq` is dense. Answers the length of the log. */
export async function expectStored(place: Place, ledger: Ledger): Promise<number> {
  const log = await readLog(place.url, place.read_key);
  const faults = ledger.faults(log);
  if (faults.length > 0)
    throw new Error(`${faults.length} contradictions:\n${faults.slice(0, TOLD).join("\n")}`);
  return log.length;
}

/** `clusterfork verify` walks the chain as the server sends it, and folds every hash itself. */
export async function expectChain(place: Place, seq: number): Promise<void> {
  const { url, read_key: key } = place;
  const { code, out, err } = await runCommand(["verify", url], { url, key, home: join(place.data, "home") })
    .ended;
  if (code !== 0 || !out.includes(`whole: ${seq} events`)) throw new Error(`verify: ${code} ${out}${err}`);
}

/** How long the archive may take: a drain is due a minute after the event, and the machine may be busy. */
const ARCHIVE_TIMEOUT_MS = 120_000;
const LOOK_EVERY_MS = 250;

/** With no request to the room, D1 comes to hold the whole log; its own sums are then those of the live state. Answers the wait in seconds. */
export async function expectArchived(
  place: Place,
  seq: number,
  timeout_ms = ARCHIVE_TIMEOUT_MS,
): Promise<number> {
  const started = performance.now();
  const db = openArchive(place.data);
  try {
    let cursor = cursorOf(db, place.project_id);
    while (cursor < seq) {
      if (performance.now() - started > timeout_ms)
        throw new Error(
          `D1 stands at seq ${cursor} of ${seq} after ${timeout_ms / 1_000} s without a request`,
        );
      await new Promise((wake) => setTimeout(wake, LOOK_EVERY_MS));
      cursor = cursorOf(db, place.project_id);
    }
    const seconds = (performance.now() - started) / 1_000;
    const { events, by_type, usage } = recount(db, place.project_id);
    const live = countersOf((await readState(place.url, place.read_key)).state);
    const expected = { events: live.events, by_type: live.by_type, usage: live.usage };
    if (!isDeepStrictEqual({ events, by_type, usage }, expected))
      throw new Error(
        `D1 counts ${JSON.stringify({ events, by_type })}, the room ${JSON.stringify(expected)}`,
      );
    return seconds;
  } finally {
    db.close();
  }
}

/** D1's segments, one after the other, are the log, event by event. */
export async function expectSegments({ url, data, project_id, read_key }: Place): Promise<void> {
  const log = await readLog(url, read_key);
  const db = openArchive(data);
  try {
    const segments = db
      .prepare("SELECT first_seq, events FROM archive_segment WHERE project_id = ? ORDER BY first_seq")
      .all(project_id) as { first_seq: number; events: Uint8Array }[];
    let seq = 0;
    for (const { first_seq, events } of segments) {
      if (first_seq !== seq + 1) throw new Error(`a segment of D1 begins at ${first_seq} after ${seq}`);
      for (const text of gunzipSync(events).toString().split("\n")) {
        if (!isDeepStrictEqual(JSON.parse(text), log[seq]))
          throw new Error(`D1 has another event at ${seq + 1}`);
        seq += 1;
      }
    }
    if (seq !== log.length) throw new Error(`D1 has ${seq} events of ${log.length}`);
  } finally {
    db.close();
  }
}
