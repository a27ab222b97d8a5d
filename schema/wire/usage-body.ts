/** Usage as a zod schema: it stands in tasks, features, agents and budgets alike. */
import * as z from "zod";
import type { Usage } from "../state/entity/usage.ts";

const count = z.number().min(0);

export const usage = z.object({
  calls: count,
  input_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  output_tokens: count,
  reasoning_tokens: count,
  reported_calls: count.describe("Calls whose cost their sender gave."),
  reported_usd: count,
  priced_calls: count.describe(
    "Calls priced here. The cost of all others, `calls - reported_calls - priced_calls`, is unknown.",
  ),
  priced_usd: count,
}) satisfies z.ZodType<Usage>;
