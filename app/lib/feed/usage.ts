/** What work consumed, as text; what it cost is schema/state/cost.ts. */
import { tokenText } from "../../../schema/event/describe/figure.ts";
import type { Usage } from "../../../schema/state/entity/usage.ts";

export function tokensText(usage: Usage): string | null {
  if (usage.calls === 0) return null;
  const input = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
  return `${tokenText(input)} in, ${tokenText(usage.output_tokens)} out`;
}
