/**
 * One file of an agent's settings: how ours get in, and out again.
 *
 *   text of the file ──put──▶ text with ours ──(the person edits)──▶ text ──take──▶ text without ours
 *
 * Pure functions of text; `file.ts` reads and writes. `put` of what it gave gives
 * the same again.
 */
import type { Sender } from "../../schema/wire/sender.ts";
import { UserError } from "../command/user-error.ts";

export interface Part {
  path: string;
  /** Whether the key stands in it: then nobody else may read it. */
  secret: boolean;
  /** What a person would paste. */
  shown(sender: Sender): string;
  /** `text` is empty where there is no file. Throws `Refusal`. */
  put(text: string, sender: Sender): string;
  /** `before` is what the file said before the first `put`, null where that is not known or there was none. */
  take(text: string, before: string | null): string;
  /** Where it sends to by our settings; null where they are not in. */
  address(text: string): string | null;
  /** Whether two texts say the same, so that the older one's bytes can stand again. */
  same(one: string, other: string): boolean;
}

export interface Tool {
  name: ToolName;
  title: string;
  /** The folder by which it is found. */
  folder: string;
  program: string;
  parts: Part[];
  /** What else a person must know of this file and address. */
  notes(texts: readonly string[], sender: Sender): string[];
}

export const TOOL_NAMES = ["claude-code", "codex", "gemini"] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

/** The file cannot take our settings without losing or overriding something: the person has to. */
export class Refusal extends UserError {}
