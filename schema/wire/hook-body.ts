/** The bodies of hook.ts as zod schemas, for documents and tests, as body.ts has those of http.ts. */
import * as z from "zod";
import { appendResponse } from "./body.ts";
import type { DeliveredResponse, HookCreatedResponse, HookInfo, HooksResponse } from "./hook.ts";

const text = z.string();
const hookInfo = z.object({
  id: text,
  name: text,
  url: text.describe('GitHub\'s "Payload URL".'),
  created_at: text,
  revoked_at: text.nullable(),
}) satisfies z.ZodType<HookInfo>;

export const hooksResponse = z.object({ hooks: z.array(hookInfo) }) satisfies z.ZodType<HooksResponse>;
export const hookCreatedResponse = z.object({
  hook: hookInfo,
  secret: text.describe('GitHub\'s "Secret", shown this once.'),
}) satisfies z.ZodType<HookCreatedResponse>;
export const newHookRequest = z.object({ project: text, name: text });

export const deliveredResponse = z.object({
  accepted: z.int().min(0),
  duplicates: z.int().min(0),
  ignored: z.record(text, z.int().min(1)).describe("What tells nothing that is kept: reason, records."),
  refused: z.array(text).optional(),
  results: appendResponse.shape.results,
}) satisfies z.ZodType<DeliveredResponse>;
