/** Where something happened, and how an event is made of it. */
import type { Json } from "../../../schema/event/event.ts";
import { contentId } from "../outgoing.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";

export interface Scene {
  /** The tool whose transcript it is: `claude-code`, `codex`, … */
  tool: string;
  ms: number;
  agent_id: string;
  role: string;
  session: string;
  feature: string;
  /** Empty where it is about no task. */
  task: string;
}

export interface Saying {
  metadata?: Record<string, Json>;
  metrics?: Record<string, number>;
  /** The sender's own id, where there is one; else one is made of the content. */
  id?: string;
  /** Tells two records apart that say the same. */
  record?: string;
}

/** A sender's id that the envelope takes as it is. */
const PLAIN_ID = /^[\x21-\x7e]{1,120}$/;

export function makeEvent(scene: Scene, event_type: string, saying: Saying = {}): OutgoingEvent {
  const { metadata = {}, metrics = {} } = saying;
  const body: Omit<OutgoingEvent, "id"> = {
    timestamp: new Date(scene.ms).toISOString(),
    event_type,
    agent_id: scene.agent_id,
    agent_role: scene.role,
    ...(scene.task === "" ? {} : { task_id: scene.task }),
    feature_id: scene.feature,
    session_id: scene.session,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
  };
  const own = saying.id !== undefined && PLAIN_ID.test(saying.id) ? saying.id : undefined;
  return { id: own ?? contentId(scene.tool, body, saying.record ?? saying.id ?? ""), ...body };
}
