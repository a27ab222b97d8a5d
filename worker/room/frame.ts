/** Frames of events, joined from the stored texts: nothing is parsed or written twice. */
import { MAX_FRAME_EVENTS } from "./limits.ts";
import type { Line } from "./log.ts";

export interface Frame {
  from: number;
  to: number;
  /** A ServerMessage of type `events`. */
  text: string;
}

/** Cuts consecutive lines into frames of at most `max_length` UTF-16 units, or one event. A forgotten event leaves its seq between `from` and `to`. */
export function* frames(lines: Iterable<Line>, max_length: number): Generator<Frame> {
  let texts: string[] = [];
  let length = 0;
  let from: number | null = null;
  let to = 0;
  for (const { seq, text } of lines) {
    if (from !== null && (seq - from >= MAX_FRAME_EVENTS || length + text.length > max_length)) {
      yield frame(from, to, texts);
      texts = [];
      length = 0;
      from = null;
    }
    from ??= seq;
    to = seq;
    length += text.length;
    if (text !== "") texts.push(text);
  }
  if (from !== null) yield frame(from, to, texts);
}

/** `texts` are the frame's own: what stands around them goes into the first and the last, so that one join writes all of it. */
function frame(from: number, to: number, texts: string[]): Frame {
  const before = `{"type":"events","from":${String(from)},"to":${String(to)},"events":[`;
  const last = texts.length - 1;
  if (last < 0) return { from, to, text: `${before}]}` };
  texts[0] = before + (texts[0] ?? "");
  texts[last] += "]}";
  return { from, to, text: texts.join(",") };
}
