/** The bodies of share.ts as zod schemas, for documents and tests, as body.ts has those of http.ts. */
import * as z from "zod";
import { SHARE_VIEWS } from "../state/share-view.ts";
import {
  REDACTIONS,
  type ShareCreatedResponse,
  type ShareInfo,
  type ShareOpenedResponse,
  type SharesResponse,
} from "./share.ts";

const text = z.string();
const views = z.array(z.enum(SHARE_VIEWS));
const redactions = z.array(z.enum(REDACTIONS));

const shareInfo = z.object({
  id: text,
  name: text,
  views,
  redactions,
  passphrase: z.boolean(),
  expires_at: text.nullable(),
  created_at: text,
  revoked_at: text.nullable(),
  last_opened_at: text.nullable(),
  opened_count: z.int().min(0),
}) satisfies z.ZodType<ShareInfo>;

export const sharesResponse = z.object({ shares: z.array(shareInfo) }) satisfies z.ZodType<SharesResponse>;
export const shareCreatedResponse = z.object({
  share: shareInfo,
  token: text.describe("The whole token, shown this once: the link is /s/<token>."),
}) satisfies z.ZodType<ShareCreatedResponse>;
export const shareOpenedResponse = z.object({
  bearer: text.describe("For Authorization, and for the stream's second subprotocol."),
  bearer_until: text.nullable(),
  name: text,
  team: text,
  views,
  redactions,
  expires_at: text.nullable(),
}) satisfies z.ZodType<ShareOpenedResponse>;

export const newShareRequest = z.object({
  project: text,
  name: text,
  views: views.describe("`flow` is always one of them."),
  redactions,
  expires_at: text.nullable().optional(),
  passphrase: text.optional(),
});
export const openShareRequest = z.object({ token: text, passphrase: text.optional() });
