/** The routes of hooks, described (see routes.ts). */
import * as z from "zod";
import * as hook from "../../../schema/wire/hook-body.ts";
import type { Description } from "./routes.ts";

export const HOOK_ROUTES: Record<string, Description> = {
  "GET /api/hooks": {
    summary: "A project's GitHub hooks, without their secrets.",
    query: { project: z.string().min(1).max(256) },
    reply: { status: 200, body: hook.hooksResponse },
  },
  "POST /api/hooks": {
    summary: "A new GitHub hook. Its secret is shown in this reply and never again.",
    request: hook.newHookRequest,
    reply: { status: 201, body: hook.hookCreatedResponse },
  },
  "DELETE /api/hooks/:key": {
    summary: "Revokes a hook: what GitHub sends to it is refused from the next delivery on.",
    reply: { status: 204, body: null },
  },
  "POST /v1/hooks/claude-code": {
    summary: "One hook event of Claude Code. The reply is empty, so that it changes nothing there.",
    request: z.object({ session_id: z.string(), hook_event_name: z.string() }).loose(),
    reply: { status: 204, body: null },
  },
  "POST /v1/hooks/github/:hook": {
    summary:
      "A delivery of GitHub, signed with the hook's secret (X-Hub-Signature-256). Twice, late or in another order, it tells the same.",
    request: z.unknown(),
    reply: { status: 200, body: hook.deliveredResponse },
  },
};
