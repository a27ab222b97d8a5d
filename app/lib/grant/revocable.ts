/** What was handed to a sender and can be taken back: a key, a hook. */
export interface Revocable {
  id: string;
  name: string;
  created_at: string;
  revoked_at: string | null;
}
