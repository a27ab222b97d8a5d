import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { undoSettings, writeSettings } from "./change.ts";
import { backupPath, readText, replaceText } from "./file.ts";
import { TOOL_NAMES, type Tool, type ToolName } from "./part.ts";
import { toolAt } from "./place.ts";

const key = "cfk_p0123456789abcde_0123456789ab_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345_0123456789abcdef01234567";
const sender = { url: "https://fork.example", key };

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "clusterfork-connect-"));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const tool = (name: ToolName, scope: "user" | "project" = "user"): Tool =>
  toolAt(name, { env: { HOME: home }, cwd: join(home, "work"), scope });
const pathOf = (name: ToolName, part = 0): string => tool(name).parts[part]?.path ?? "";
const modeOf = (path: string): number => statSync(path).mode & 0o777;

function given(path: string, text: string, mode = 0o644): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

it.each(TOOL_NAMES)(
  "%s: a fresh home is written, written again without a change, and left empty by undo",
  (name) => {
    const paths = tool(name).parts.map(({ path }) => path);
    expect(writeSettings(tool(name), sender).map(({ kind }) => kind)).toEqual(paths.map(() => "written"));
    const [first, ...rest] = paths.map((path) => [readFileSync(path, "utf8"), statSync(path).mtimeMs]);
    expect(writeSettings(tool(name), sender).map(({ kind }) => kind)).toEqual(paths.map(() => "unchanged"));
    expect(paths.map((path) => [readFileSync(path, "utf8"), statSync(path).mtimeMs])).toEqual([
      first,
      ...rest,
    ]);
    for (const { path, secret } of tool(name).parts) {
      expect(readFileSync(path, "utf8").includes(key)).toBe(secret);
      if (secret) expect(modeOf(path)).toBe(0o600);
    }
    expect(undoSettings(tool(name)).map(({ kind }) => kind)).toEqual(paths.map(() => "removed"));
    expect(readdirSync(dirname(paths[0] ?? ""))).toEqual([]);
    expect(undoSettings(tool(name)).map(({ kind }) => kind)).toEqual(paths.map(() => "absent"));
  },
);

it("keeps the file as it was beside it, and undo gives its bytes and permissions back", () => {
  // Spaces that no writer of JSON would make.
  const text = '{ "env": {"A":"b"},\n\n "hooks": { "Stop": [ ] } }';
  const path = given(pathOf("claude-code"), text);
  const [change] = writeSettings(tool("claude-code"), sender);
  expect(change).toEqual({ path, kind: "written", backup: backupPath(path) });
  expect(modeOf(path)).toBe(0o600);
  expect(readFileSync(backupPath(path), "utf8")).toBe(text);
  // Another key is written over ours: the backup stays the file before the first.
  writeSettings(tool("claude-code"), { ...sender, key: key.replace("ABC", "XYZ") });
  expect(readFileSync(backupPath(path), "utf8")).toBe(text);
  undoSettings(tool("claude-code"));
  expect(readFileSync(path, "utf8")).toBe(text);
  expect(modeOf(path)).toBe(0o644);
  expect(existsSync(backupPath(path))).toBe(false);
});

it("does not take an old backup for the file of today", () => {
  const path = given(pathOf("codex"), 'model = "new"\n');
  given(backupPath(path), 'model = "years ago"\n');
  writeSettings(tool("codex"), sender);
  expect(readFileSync(backupPath(path), "utf8")).toBe('model = "new"\n');
});

it("keeps a link a link, also one that leads nowhere yet", () => {
  for (const there of [true, false]) {
    rmSync(join(home, ".codex"), { recursive: true, force: true });
    const real = join(home, "dotfiles", `config-${there}.toml`);
    if (there) given(real, 'model = "x"\n');
    mkdirSync(join(home, ".codex"), { recursive: true });
    symlinkSync(real, pathOf("codex"));
    writeSettings(tool("codex"), sender);
    expect(lstatSync(pathOf("codex")).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, "utf8")).toContain("[otel]");
    expect(modeOf(real)).toBe(0o600);
  }
});

it("writes none of two files where one cannot take it", () => {
  given(pathOf("gemini"), "{}");
  given(pathOf("gemini", 1), "OTEL_EXPORTER_OTLP_HEADERS=a=b\n");
  expect(() => writeSettings(tool("gemini"), sender)).toThrow(/already/);
  expect(readFileSync(pathOf("gemini"), "utf8")).toBe("{}");
  expect(readdirSync(dirname(pathOf("gemini"))).sort()).toEqual([".env", "settings.json"]);
});

it.each(["{ broken", '{ "a": 1, // mine\n }'])("leaves %j as it is, without a trace", (text) => {
  const path = given(pathOf("claude-code"), text);
  expect(() => writeSettings(tool("claude-code"), sender)).toThrow(/Nothing was changed/);
  expect(readFileSync(path, "utf8")).toBe(text);
  expect(modeOf(path)).toBe(0o644);
  expect(readdirSync(dirname(path))).toEqual(["settings.json"]);
});

it("does not write over what somebody else wrote meanwhile", () => {
  const path = given(pathOf("codex"), "a = 1\n");
  const seen = readText(path);
  writeFileSync(path, "a = 2\n");
  expect(() => replaceText(path, "a = 3\n", seen)).toThrow(/changed by somebody else/);
  expect(readFileSync(path, "utf8")).toBe("a = 2\n");
  expect(readdirSync(dirname(path))).toEqual(["config.toml"]);
});

it("knows the project's file from the user's, and the folders that variables name", () => {
  expect(tool("claude-code", "project").parts[0]?.path).toBe(join(home, "work/.claude/settings.local.json"));
  const env = { HOME: home, CLAUDE_CONFIG_DIR: "/c", CODEX_HOME: "/x", GEMINI_CLI_HOME: "/g" };
  const paths = TOOL_NAMES.flatMap((name) =>
    toolAt(name, { env, cwd: home, scope: "user" }).parts.map(({ path }) => path),
  );
  expect(paths).toEqual([
    "/c/settings.json",
    "/x/config.toml",
    "/g/.gemini/settings.json",
    "/g/.gemini/.env",
  ]);
});
