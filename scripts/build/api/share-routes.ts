/** The routes of share links, described (see routes.ts). */
import * as z from "zod";
import * as share from "../../../schema/wire/share-body.ts";
import type { Description } from "./routes.ts";

export const SHARE_ROUTES: Record<string, Description> = {
  "GET /api/shares": {
    summary: "A project's share links, without their tokens.",
    query: { project: z.string().min(1).max(256) },
    reply: { status: 200, body: share.sharesResponse },
  },
  "POST /api/shares": {
    summary: "A new share link. Its token is shown in this reply and never again.",
    request: share.newShareRequest,
    reply: { status: 201, body: share.shareCreatedResponse },
  },
  "POST /api/shares/open": {
    summary: "What a visitor reads with: the link's token, or a pass for its passphrase. Counts the visit.",
    request: share.openShareRequest,
    reply: { status: 200, body: share.shareOpenedResponse },
  },
  "DELETE /api/shares/:share": {
    summary: "Revokes a share link: it is refused from the next request on, and its viewers are closed.",
    reply: { status: 204, body: null },
  },
  "GET /s/:token": {
    summary: "The page of a share link. Not indexed, not kept; 404 when the link has ended.",
    reply: { status: 200, body: null, also: { "text/html": "A page." } },
  },
};
