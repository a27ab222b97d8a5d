/** A way of working that was adopted, in its newest version. */
export interface Sop {
  id: string;
  version: string | null;
  title: string | null;
  /** Null: nothing is said any more. */
  text: string | null;
  /** Whom it is for; none: everybody. */
  roles: string[];
  /** For which kinds of tasks; none: all. */
  kinds: string[];
  agent_id: string;
  adopted_at: number;
  /** Of its newest adoption. */
  seq: number;
}
