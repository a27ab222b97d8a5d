import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { connect } from "./connect.ts";

const key = "cfk_p0123456789abcde_0123456789ab_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345_0123456789abcdef01234567";
/** Nothing listens there. */
const TO = ["--url", "http://127.0.0.1:9", "--key", key];

let home = "";
let out: string[] = [];
let err: string[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "clusterfork-connect-"));
  vi.stubEnv("HOME", home);
  vi.stubEnv("PATH", "");
  for (const name of [
    "CLAUDE_CONFIG_DIR",
    "CODEX_HOME",
    "GEMINI_CLI_HOME",
    "CLUSTERFORK_URL",
    "CLUSTERFORK_KEY",
  ])
    vi.stubEnv(name, "");
  vi.stubEnv("XDG_CONFIG_HOME", join(home, "config"));
  out = [];
  err = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void out.push(line));
  vi.spyOn(console, "error").mockImplementation((line: string) => void err.push(line));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(home, { recursive: true, force: true });
});

it("lists what it can connect, what is here, and what is connected", async () => {
  mkdirSync(join(home, ".gemini"));
  await connect(["codex", "--write", ...TO]);
  out = [];
  expect(await connect([])).toBe(0);
  expect(out.join("\n")).toMatch(/claude-code +not found here/);
  expect(out.join("\n")).toMatch(/codex +connected to http:\/\/127.0.0.1:9 \(.*config\.toml\)/);
  expect(out.join("\n")).toMatch(/gemini +found, not connected/);
});

it("prints settings that paste as they are, with a word in the key's place where none is known", async () => {
  expect(await connect(["claude-code"])).toBe(0);
  expect(JSON.parse(out.join("\n")).env.CLUSTERFORK_KEY).toBe("cfk_your-key");
  expect(err.join("\n")).toMatch(/settings\.local\.json[\s\S]*--write/);
  out = [];
  await connect(["claude-code", "--user", ...TO]);
  expect(JSON.parse(out.join("\n")).env.CLUSTERFORK_KEY).toBe(key);
});

it("writes, though the server is away, and says so; undo needs no key", async () => {
  expect(await connect(["gemini", "--write", ...TO])).toBe(0);
  expect(out.join("\n")).toMatch(
    /Wrote .*settings\.json[\s\S]*Wrote .*\.env[\s\S]*! http:\/\/127.0.0.1:9 does not answer now/,
  );
  out = [];
  expect(await connect(["gemini", "--undo"])).toBe(0);
  expect(out).toHaveLength(2);
});

it("prints what to paste where the file cannot take it", async () => {
  mkdirSync(join(home, ".claude"));
  const path = join(home, ".claude/settings.json");
  writeFileSync(path, "{ // mine\n}");
  await expect(connect(["claude-code", "--user", "--write", ...TO])).rejects.toThrow(
    /comments.*paste the settings/,
  );
  expect(JSON.parse(out.join("\n")).env.CLUSTERFORK_KEY).toBe(key);
  expect(readFileSync(path, "utf8")).toBe("{ // mine\n}");
});

it.each([
  [["emacs"], /cannot connect "emacs". It knows claude-code, codex, gemini/],
  [["codex", "gemini"], /one at a time/],
  [["--write"], /connect what\?/],
  [["codex", "--write", "--undo"], /either --write or --undo/],
  [["claude-code", "--project", "--user"], /either --project or --user/],
  [["codex", "--project"], /--project is for claude-code/],
  [["gemini", "--hooks-only"], /--hooks-only is for claude-code/],
  [["codex", "--write", "--key", "a b"], /not an API key/],
  [["codex", "--key", 'cfk_"x"'], /not an API key/],
  [["codex", "--write"], /no API key/],
])("refuses %j in one line", async (args, why) => {
  await expect(connect(args)).rejects.toThrow(why);
});
