/** The words in a model's answer, if it is one: the JSON that was asked for, bare or in a fence, and nothing beside it. */
import * as z from "zod";
import type { Words } from "./check.ts";

const line = z.string().transform((text) => text.replace(/\s+/gu, " ").trim());
const answer = z.strictObject({
  headline: line,
  explanation: line,
  context: line,
}) satisfies z.ZodType<Words>;

/** Models fence what they are asked to answer bare. */
const FENCE = /^```(?:json)?\s*\n([\s\S]*)\n```$/;

/** Null: it is something else. */
export function wordsIn(text: string): Words | null {
  const bare = text.trim();
  let value: unknown;
  try {
    value = JSON.parse(FENCE.exec(bare)?.[1] ?? bare);
  } catch {
    return null;
  }
  const parsed = answer.safeParse(value);
  return parsed.success ? parsed.data : null;
}
