/** The bodies of sample.ts as zod schemas, for documents and tests. */
import * as z from "zod";
import { projectRef } from "./body.ts";
import { FEEDINGS, type SampleResponse } from "./sample.ts";

export const sampleRequest = z.object({ team: z.string(), name: z.string().optional() });
export const sampleResponse = z.object({
  project: projectRef,
  feeding: z
    .enum(FEEDINGS)
    .describe("`none`: nobody feeds it here; run `clusterfork simulate` with the key."),
  key: z.string().nullable().describe("For `clusterfork simulate`, shown this once."),
}) satisfies z.ZodType<SampleResponse>;
