/** What a team set out to finish, and until when. */
export interface Sprint {
  id: string;
  title: string | null;
  goal: string | null;
  /** Ids in the order given, known or not; none: whatever is open. */
  features: string[];
  started_at: number;
  /** When it is to end; null: nobody said. */
  ends_at: number | null;
  /** When it was ended. */
  ended_at: number | null;
  /** Of the newest event about it. */
  seq: number;
}
