import type { NewEvent } from "./event.ts";

/**
 * An event as a sender writes it, always with an id (for a model call the provider's request id, else made of the
 * content): what adapters and importers hand on. Who sent it and how is added where it arrives.
 */
export type OutgoingEvent = Omit<NewEvent, "source" | "key_id" | "v">;
