/** Gathers the events of one request: ids checked, times in order, no two under one id. */
import type { Json } from "../../../schema/event/event.ts";
import { MAX_ID_CHARS, MAX_REF_CHARS, MAX_ROLE_CHARS } from "../../../schema/event/limits.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { readsAsClusterfork } from "../../../schema/event/reserved-name.ts";
import type { Adapted, IntakeContext, Refused } from "../adapter.ts";
import type { Scene } from "./scene.ts";

export interface Saying {
  metadata?: Record<string, Json | undefined>;
  metrics?: Record<string, number | undefined>;
}

export interface Told {
  readonly context: IntakeContext;
  event: (id: string, time_ms: number, event_type: string, scene: Scene, saying?: Saying) => void;
  ignore: (reason: string) => void;
  refuse: (refused: Refused) => void;
  warn: (refused: Refused) => void;
  finish: () => Adapted;
}

export function createTold(context: IntakeContext): Told {
  const events = new Map<string, OutgoingEvent>();
  const refused: Refused[] = [];
  const warnings: Refused[] = [];
  const ignored = new Map<string, number>();
  return {
    context,
    event: (given_id, time_ms, event_type, scene, { metadata = {}, metrics = {} } = {}) => {
      const id = asId(given_id, context);
      const event: OutgoingEvent = {
        id,
        timestamp: timestampOf(time_ms, context),
        event_type,
        agent_id: cut(scene.agent_id, MAX_REF_CHARS),
      };
      if (scene.agent_role !== undefined) event.agent_role = cut(scene.agent_role, MAX_ROLE_CHARS);
      if (scene.task_id !== undefined) event.task_id = cut(scene.task_id, MAX_REF_CHARS);
      if (scene.feature_id !== undefined) event.feature_id = cut(scene.feature_id, MAX_REF_CHARS);
      if (scene.session_id !== undefined) event.session_id = cut(scene.session_id, MAX_REF_CHARS);
      const said = present(metadata);
      if (Object.keys(said).length > 0) event.metadata = said;
      const measured = present(metrics);
      if (Object.keys(measured).length > 0) event.metrics = measured;
      const known = events.get(id);
      // Of two that claim one id the one that reads first counts, in whichever order they came.
      if (known === undefined || inOrder(event, known) < 0) events.set(id, event);
    },
    ignore: (reason) => {
      ignored.set(reason, (ignored.get(reason) ?? 0) + 1);
    },
    refuse: (one) => {
      refused.push(one);
    },
    warn: (one) => {
      warnings.push(one);
    },
    finish: () => ({
      events: [...events.values()].sort(inOrder),
      refused,
      ...(warnings.length > 0 ? { warnings } : {}),
      ignored: Object.fromEntries(ignored),
    }),
  };
}

function inOrder(a: OutgoingEvent, b: OutgoingEvent): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  return one === other ? 0 : one < other ? -1 : 1;
}

/** Never through the middle of a character: the envelope refuses what holds half of one. */
function cut(text: string, max_chars: number): string {
  return text.slice(0, max_chars).toWellFormed();
}

const PLAIN_ID = /^[\x21-\x7e]+$/;

/** What the envelope takes as an id; the hash of what it would not. */
export function asId(id: string, { sha256 }: Pick<IntakeContext, "sha256">): string {
  const taken = id.length <= MAX_ID_CHARS && PLAIN_ID.test(id) && !readsAsClusterfork(id);
  return taken ? id : `otlp-${sha256(id)}`;
}

function timestampOf(time_ms: number, { now_ms }: IntakeContext): string {
  const time = new Date(Math.round(time_ms));
  return (Number.isNaN(time.getTime()) ? new Date(now_ms) : time).toISOString();
}

function present<T>(values: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, T] => entry[1] !== undefined),
  );
}
