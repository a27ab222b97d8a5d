/** Why one event of a batch was not stored (L3). */
export type RejectionCode =
  | "malformed_json"
  | "not_an_object"
  | "missing_field"
  | "unknown_field"
  | "invalid_field"
  | "invalid_metadata"
  | "invalid_metrics"
  | "too_large"
  | "too_deep"
  | "reserved";

/** One event that may not enter. */
export interface Rejection {
  ok: false;
  /** Null when the sender gave none that could be read. */
  id: string | null;
  code: RejectionCode;
  /** Says what is wrong and what to do next. */
  message: string;
}
