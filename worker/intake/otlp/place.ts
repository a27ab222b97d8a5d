/** Who did it and what it was about, with what the runs around it say, as far as they are in the request. */
import { sessionWork } from "../../../schema/event/session.ts";
import { ancestorsOf, type SpanIndex } from "./counted.ts";
import { runNames } from "./run.ts";
import { sceneOf, type Scene } from "./scene.ts";
import { kindOf } from "./span-kind.ts";
import type { Span } from "./span.ts";
import type { Told } from "./told.ts";

/** Spans around one that are asked, from the inside: agents nest by a few, and each call has a span or two of its own. */
export const MAX_ASKED = 32;

export type PlaceOf = (span: Span) => Scene;

export function createPlaces(index: SpanIndex, told: Told): PlaceOf {
  const alone = remember((span) => sceneOf(span, told));
  const kinds = remember(kindOf);
  return remember((span) => {
    let run: Span | undefined;
    let within: Partial<Scene> = {};
    let asked = 0;
    for (const one of ancestorsOf(span, index)) {
      if (++asked > MAX_ASKED) break;
      run ??= kinds(one) === "agent" ? one : undefined;
      // The nearest one that says it: a session or a workflow holds for all that is inside.
      within = { ...saidBy(alone(one)), ...within };
    }
    if (kinds(span) === "agent") return sceneOf(span, told, { ...within, ...runNames(span) });
    return sceneOf(span, told, { ...(run === undefined ? {} : runNames(run)), ...within });
  });
}

function saidBy({ feature_id, session_id, task_id }: Scene): Partial<Scene> {
  const said: Partial<Scene> = {};
  if (session_id !== undefined) said.session_id = session_id;
  if (task_id !== undefined) said.task_id = task_id;
  // A feature that only stands for a session gives way to one that somebody further out names.
  const is_session = session_id !== undefined && feature_id === sessionWork(session_id);
  if (feature_id !== undefined && !is_session) said.feature_id = feature_id;
  return said;
}

function remember<T>(find: (span: Span) => T): (span: Span) => T {
  const found = new Map<Span, T>();
  return (span) => {
    const known = found.get(span);
    if (known !== undefined) return known;
    const value = find(span);
    found.set(span, value);
    return value;
  };
}
