/** Where each agent keeps its settings, and whether it is on this computer. */
import { accessSync, constants, existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { Sender } from "../../schema/wire/sender.ts";
import { claudeCodeNotes, claudeCodePart } from "./claude-code.ts";
import { codexPart } from "./codex.ts";
import { geminiEnvironmentPart, geminiSettingsPart } from "./gemini.ts";
import type { Tool, ToolName } from "./part.ts";

export interface Where {
  env: NodeJS.ProcessEnv;
  /** The folder of the project, for `project`. */
  cwd: string;
  scope: "project" | "user";
  hooks_only?: boolean;
}

export function toolAt(name: ToolName, where: Where): Tool {
  const home = where.env["HOME"] || homedir();
  switch (name) {
    case "claude-code": {
      const folder = where.env["CLAUDE_CONFIG_DIR"] || join(home, ".claude");
      const path =
        where.scope === "user"
          ? join(folder, "settings.json")
          : join(where.cwd, ".claude", "settings.local.json");
      return {
        name,
        title: "Claude Code",
        folder,
        program: "claude",
        parts: [claudeCodePart(path, where.hooks_only)],
        notes: ([text = ""], sender: Sender) => claudeCodeNotes(text, sender),
      };
    }
    case "codex": {
      const folder = where.env["CODEX_HOME"] || join(home, ".codex");
      const parts = [codexPart(join(folder, "config.toml"))];
      return { name, title: "Codex", folder, program: "codex", parts, notes: () => [] };
    }
    case "gemini": {
      const folder = join(where.env["GEMINI_CLI_HOME"] || home, ".gemini");
      return {
        name,
        title: "Gemini CLI",
        folder,
        program: "gemini",
        parts: [
          geminiSettingsPart(join(folder, "settings.json")),
          geminiEnvironmentPart(join(folder, ".env")),
        ],
        notes: () => [
          "Gemini CLI reads one .env: a project with its own needs the line OTEL_EXPORTER_OTLP_HEADERS there too, or in the shell.",
        ],
      };
    }
  }
}

export function isInstalled(tool: Tool, env: NodeJS.ProcessEnv): boolean {
  if (existsSync(tool.folder)) return true;
  return (env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool.program), constants.X_OK);
      return folder !== "";
    } catch {
      return false;
    }
  });
}
