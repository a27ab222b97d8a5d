/** The miniatures of all tools. */
import { codex } from "./transcript/codex.ts";
import { copilot } from "./transcript/copilot.ts";
import { gemini } from "./transcript/gemini.ts";
import { opencode } from "./transcript/opencode.ts";
import { openhands } from "./transcript/openhands.ts";
import { pi } from "./transcript/pi.ts";
import { sweAgent } from "./transcript/swe-agent.ts";
import type { Miniature } from "./transcript/miniature.ts";

export { CANARY, type Miniature } from "./transcript/miniature.ts";

export const MINIATURES: readonly Miniature[] = [
  codex(),
  copilot(),
  gemini(),
  opencode(),
  openhands(),
  pi(),
  sweAgent(),
];
