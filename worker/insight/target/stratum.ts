/**
 * Like work is compared with like: by what it is, its kind and its complexity. A stratum that is too small borrows
 * from the one above it.
 *
 *   task · bug · simple ─▶ task · bug ─▶ task
 */
import type { WorkRecord } from "../work/record.ts";

/** Kinds are the sender's words; more than these share the strata above them. */
export const MAX_STRATA = 200;

/** From the narrowest to the widest. Where kind or complexity is unknown, so is the stratum that would need it. */
export function strataOf({ is, kind, complexity }: Pick<WorkRecord, "is" | "kind" | "complexity">): string[] {
  const strata = [is as string];
  if (kind !== null) strata.unshift(`${is}·${kind}`);
  if (complexity !== null) strata.unshift(`${is}·${kind ?? "any"}·${complexity}`);
  return strata;
}

/** In words, for a sentence: "simple bug tasks". */
export function stratumWords(stratum: string): string {
  const [is = "task", kind, complexity] = stratum.split("·");
  return [complexity, kind === "any" || kind === is ? undefined : kind, `${is}s`]
    .filter((word) => word !== undefined)
    .join(" ");
}
