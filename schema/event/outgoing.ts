import type { Json } from "./event.ts";

/** An event as a sender writes it, always with an id: what adapters and importers hand on. */
export interface OutgoingEvent {
  /** The sender's own where there is one (for a model call the provider's request id), else made of the content. */
  id: string;
  timestamp: string;
  event_type: string;
  agent_id: string;
  agent_role?: string;
  task_id?: string;
  feature_id?: string;
  session_id?: string;
  metadata?: Record<string, Json>;
  metrics?: Record<string, number>;
}
