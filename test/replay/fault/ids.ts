/** Each id is known for ever, with its body (L2), however often its memory was merged, cut off and begun anew. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { hasLeftovers } from "../../../worker/room/ids/leftover.ts";
import { nextMerge } from "../../../worker/room/ids/merge.ts";
import { readRuns } from "../../../worker/room/ids/run.ts";
import type { World } from "./world.ts";

/** Sends everything once more, as it was and altered. `lines`: all that was ever stored. */
export async function checkIds(world: World, lines: readonly string[]): Promise<void> {
  const { sql } = world.place.storage;
  const runs = readRuns(sql);
  if (nextMerge(runs) !== null || hasLeftovers(sql)) throw new Error("[B3] ids are left to merge");
  const again = lines.map((line) => {
    const { seq: _seq, received_at: _at, ...sent } = JSON.parse(line) as StoredEvent;
    return sent;
  });
  const other = again.map((event) => ({ ...event, metadata: { another: true } }));
  await world.send([again, other], false);
  const replies = world.answered.slice(-2).map(({ reply }) => reply);
  if (replies.some(({ accepted }) => accepted > 0)) throw new Error("[L2] a known id was taken again");
}
