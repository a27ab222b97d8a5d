import type { StoredEvent } from "../event.ts";

/** The kind of thing that happened, in one word that the sentence does not begin with; and the sentence. */
export type Phrasing = [kind: string, say: (event: StoredEvent) => string];
