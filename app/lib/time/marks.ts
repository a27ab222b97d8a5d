/** Which happenings stand above the slider: as many as can be told apart, what went wrong before what went well. */
import type { TimelineMark } from "../../../schema/wire/http.ts";
import type { Glyph } from "../ui/status.ts";
import { grouped } from "../ui/grouped.ts";

/** `warning` is the triangle; the others are the shapes of task states. */
export type MarkShape = Extract<Glyph, "done" | "failed" | "blocked"> | "warning";

interface Kind {
  shape: MarkShape;
  /** 0 is placed first. */
  rank: number;
  word: string;
}
const KINDS: Record<string, Kind> = {
  feature_abandoned: { shape: "failed", rank: 0, word: "feature abandoned" },
  integration_failed: { shape: "failed", rank: 0, word: "integration failed" },
  agent_crashed: { shape: "failed", rank: 0, word: "agent crashed" },
  escalated_to_user: { shape: "warning", rank: 0, word: "escalated to a person" },
  escalated_to_board: { shape: "warning", rank: 0, word: "escalated to the Board" },
  budget_exceeded: { shape: "warning", rank: 0, word: "budget exceeded" },
  alert_raised: { shape: "warning", rank: 0, word: "alert" },
  task_failed: { shape: "failed", rank: 1, word: "task failed" },
  task_blocked: { shape: "blocked", rank: 2, word: "task blocked" },
  lock_conflict: { shape: "blocked", rank: 2, word: "lock conflict" },
  feature_merged: { shape: "done", rank: 3, word: "feature merged" },
  feature_completed: { shape: "done", rank: 3, word: "feature done" },
  task_merged: { shape: "done", rank: 4, word: "task merged" },
};

export interface PlacedMark {
  place: number;
  shape: MarkShape;
  seq: number;
  title: string;
}

/** Centre to centre, px: a glyph is 10 wide. */
const TROUBLE_ROOM_PX = 14;
/** What goes well every minute must not become a hedge. */
const CALM_ROOM_PX = 44;

/** `placeOf`: where a bucket's middle lies, 0 to 1. */
export function placeMarks(
  marks: readonly TimelineMark[],
  placeOf: (bucket: number) => number,
  width: number,
): PlacedMark[] {
  const ranked = marks
    .flatMap((mark) => {
      const kind = KINDS[mark.event_type];
      return kind === undefined ? [] : [{ mark, kind, x: placeOf(mark.bucket) * width }];
    })
    .sort((a, b) => a.kind.rank - b.kind.rank || b.mark.bucket - a.mark.bucket);
  const placed: { x: number; mark: PlacedMark }[] = [];
  for (const { mark, kind, x } of ranked) {
    const room = kind.shape === "done" ? CALM_ROOM_PX : TROUBLE_ROOM_PX;
    if (placed.some((other) => Math.abs(other.x - x) < room)) continue;
    const count = mark.count > 1 ? `, ${grouped(mark.count)} times` : "";
    placed.push({
      x,
      mark: {
        place: x / width,
        shape: kind.shape,
        seq: mark.seq,
        title: `${kind.word}${count}, event ${grouped(mark.seq)}`,
      },
    });
  }
  return placed.map(({ mark }) => mark).sort((a, b) => a.place - b.place);
}
