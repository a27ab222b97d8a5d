/** Hooks of other services: how they are made and listed, and what the service is answered. */
import type { EventResult } from "./http.ts";

/** What to tick in GitHub's form, by GitHub's own names. */
export const GITHUB_EVENTS = [
  "pull_request",
  "pull_request_review",
  "check_run",
  "workflow_run",
  "push",
  "issues",
] as const;

export interface HookInfo {
  id: string;
  name: string;
  /** GitHub's "Payload URL". No secret: what is sent there must be signed. */
  url: string;
  created_at: string;
  revoked_at: string | null;
}
/** `GET /api/hooks?project=<id>`. */
export interface HooksResponse {
  hooks: HookInfo[];
}
/** `POST /api/hooks` → 201. `secret` is GitHub's "Secret", shown this once. */
export interface HookCreatedResponse {
  hook: HookInfo;
  secret: string;
}
/** `POST /v1/hooks/github/:hook`, for whoever looks at the delivery at GitHub. */
export interface DeliveredResponse {
  accepted: number;
  duplicates: number;
  /** What tells nothing that is kept: reason → records. */
  ignored: Record<string, number>;
  /** Records that gave no event, and why. */
  refused?: string[];
  results?: EventResult[];
}
