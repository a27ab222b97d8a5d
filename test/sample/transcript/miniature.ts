/**
 * A small session of each tool, laid out below a home as the tool lays it out,
 * and what it used by a count of its own. `CANARY` stands wherever a text
 * stands that must not leave the computer.
 */
import type { TranscriptFormat } from "../../../cli/import/transcripts.ts";

export const CANARY = "canary-7f3a-never-sent";

export interface Miniature {
  format: TranscriptFormat;
  /** Text of each file by its path below a home. */
  files: Record<string, string>;
  /** The folder below that home that the tool owns. */
  folder: string;
  /** Uncached input, cache read, cache write, output, reasoning. */
  tokens: [number, number, number, number, number];
  cost_usd: number;
  calls: number;
  tools: number;
}

let seconds = 0;
export const tick = (): number => Date.UTC(2026, 3, 1, 9) + (seconds += 1) * 1000;
export const at = (): string => new Date(tick()).toISOString();
export const text = (lines: (object | string)[]): string =>
  lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
export const CUT = '{"type":"message","timestamp":"2026-04-01T';
export const PROMPT = `Add a cart to the shop\n${CANARY}`;
