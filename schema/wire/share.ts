/**
 * Share links on the wire. What each view lets out of events and state is in
 * schema/state/share.ts. Which routes it opens:
 *
 * | route, with the link as bearer                    | opened by                                |
 * |---------------------------------------------------|------------------------------------------|
 * | `/v1/stream`, `/v1/state`, `/v1/tasks`, `/v1/features`, `/v1/agents` and one of each | `flow` |
 * | `/v1/metrics`, `/v1/agents/performance`, `/v1/features/:id/report`, `/v1/forecast`, `/v1/forecast/calibration`, `/v1/alerts`; `/v1/budgets` where costs are shown | `metrics` |
 * | `/v1/events`                                      | `events` or `history`                    |
 * | `/v1/query`, `/v1/query/compare`, `/v1/query/fields` | `events`                              |
 * | `/v1/timeline`, `/v1/state?at=`, `/v1/history/…`  | `history`                                |
 * | sending, the export, everything under `/api`      | no link                                  |
 *
 * With `flow` alone the stream begins with a snapshot, whatever `since` says, and a task, feature or agent
 * that left the live state is unknown: both are `history`.
 *
 * Without `events` the log carries what the Task Flow is folded from and no
 * more. A filter compares with what the link shows: an agent's alias, not its name. A question (`/v1/query`) is
 * answered from the events as the link shows them; a field that no event shows is none.
 */
import type { ViewPolicy } from "../event/view.ts";
import type { ShareView } from "../state/share-view.ts";

/** What a link takes away: the sensitivities of the schema that are not structure. */
export const REDACTIONS = ["cost", "name", "title", "text"] as const satisfies readonly (keyof ViewPolicy)[];
export type Redaction = (typeof REDACTIONS)[number];

/** What a new link hides unless its maker says otherwise: what it cost, and what was written. */
export const DEFAULT_REDACTIONS: readonly Redaction[] = ["cost", "text"];

export function policyOf(redactions: readonly string[]): ViewPolicy {
  const hides = (name: Redaction) => redactions.includes(name);
  return { cost: hides("cost"), name: hides("name"), title: hides("title"), text: hides("text") };
}

/** A link in the settings' list. Times are RFC 3339. */
export interface ShareInfo {
  id: string;
  name: string;
  views: ShareView[];
  redactions: Redaction[];
  /** Whether a passphrase is asked. */
  passphrase: boolean;
  /** Null: it ends only by revocation. */
  expires_at: string | null;
  created_at: string;
  revoked_at: string | null;
  last_opened_at: string | null;
  opened_count: number;
}
/** `GET /api/shares?project=<id>`, the newest first. */
export interface SharesResponse {
  shares: ShareInfo[];
}
/** `POST /api/shares` → 201. `token` is the whole link, `/s/<token>`, shown this once. */
export interface ShareCreatedResponse {
  share: ShareInfo;
  token: string;
}

/** `POST /api/shares/open`: what a visitor's page needs. */
export interface ShareOpenedResponse {
  /** The bearer to read with: the link's token, or a pass that the passphrase opened. */
  bearer: string;
  /** When the bearer stops, RFC 3339; null: when it is revoked. */
  bearer_until: string | null;
  name: string;
  /** The team's name. */
  team: string;
  views: ShareView[];
  redactions: Redaction[];
  expires_at: string | null;
}
