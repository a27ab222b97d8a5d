/**
 * GitHub Copilot speaks the GenAI conventions (`gen-ai.ts`). Its runs name the agent, its calls do not; its log
 * records repeat its spans (`logs.ts`).
 */
const SERVICE = /^(?:github-)?copilot(?:-chat|-cli)?$/;
const AGENT = "copilot";

/** The agent of a span that names none: as its runs call it. */
export function copilotAgent(service: string): string | undefined {
  return SERVICE.test(service) ? AGENT : undefined;
}

export function isCopilotLog(name: string): boolean {
  return name.startsWith("copilot_chat.") || name.startsWith("github.copilot.");
}
