import type { StoredEvent } from "../event.ts";

/** What whoever reads the sentence was not given, for somebody chose so: a share link. */
export interface Unseen {
  cost: boolean;
}

/** The kind of thing that happened, in one word that the sentence does not begin with; and the sentence. */
export type Phrasing = [kind: string, say: (event: StoredEvent, unseen: Unseen) => string];
