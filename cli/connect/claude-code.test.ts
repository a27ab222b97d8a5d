import { describe, expect, it } from "vitest";
import { CLAUDE_CODE_HOOK_NAMES, claudeCodeSettings, claudeCodeText } from "../../schema/wire/sender.ts";
import { CLAUDE_CODE_HOOKS } from "../../worker/intake/claude-code/hooks.ts";
import { claudeCodeNotes, claudeCodePart } from "./claude-code.ts";

const key = "cfk_p0123456789abcde_0123456789ab_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345_0123456789abcdef01234567";
const sender = { url: "https://fork.example", key };
const part = claudeCodePart("settings.json");

/** A person's file: other hooks, other variables, an order of its own. */
const OWN = {
  $schema: "https://json.schemastore.org/claude-code-settings.json",
  permissions: { allow: ["Bash(npm test:*)"], deny: [] },
  hooks: {
    Stop: [{ hooks: [{ type: "command", command: "say done" }] }],
    PreToolUse: [{ matcher: "Bash", hooks: [{ type: "command", command: "./guard.sh", timeout: 5 }] }],
  },
  env: { EDITOR: "vi", CLAUDE_CODE_ENABLE_TELEMETRY: "1" },
  model: "opus",
};
const own = `${JSON.stringify(OWN, null, 4)}\n`;

describe("what the settings say", () => {
  it("names each hook that the server reads, and none that has no http hooks or makes worktrees", () => {
    expect(CLAUDE_CODE_HOOK_NAMES).toEqual(expect.arrayContaining([...CLAUDE_CODE_HOOKS]));
    expect(CLAUDE_CODE_HOOKS).toEqual(expect.arrayContaining([...CLAUDE_CODE_HOOK_NAMES]));
    for (const none of ["SessionStart", "Setup", "WorktreeCreate"])
      expect(CLAUDE_CODE_HOOK_NAMES).not.toContain(none);
  });

  it("has the key in the environment alone, and gives up on a slow server after seconds", () => {
    const { hooks } = claudeCodeSettings(sender);
    expect(JSON.stringify(hooks)).not.toContain(key);
    for (const [group] of Object.values(hooks)) {
      const handler = group?.hooks[0];
      expect(handler).toMatchObject({ type: "http", allowedEnvVars: ["CLUSTERFORK_KEY"] });
      expect(handler?.timeout).toBeLessThanOrEqual(2);
    }
  });

  it("pastes as JSON, one line a hook", () => {
    const text = claudeCodeText(sender);
    expect(JSON.parse(text)).toEqual(claudeCodeSettings(sender));
    expect(text.split("\n").length).toBeLessThan(35);
  });
});

describe("put and take", () => {
  it("keeps everything else, in its order and manner", () => {
    const text = part.put(own, sender);
    const value = JSON.parse(text);
    expect(Object.keys(value)).toEqual(Object.keys(OWN));
    expect(value.permissions).toEqual(OWN.permissions);
    expect(value.hooks.Stop[0]).toEqual(OWN.hooks.Stop[0]);
    expect(value.hooks.PreToolUse[0]).toEqual(OWN.hooks.PreToolUse[0]);
    expect(value.hooks.PreToolUse).toHaveLength(2);
    expect(value.env).toEqual({ EDITOR: "vi", ...claudeCodeSettings(sender).env });
    expect(text).toMatch(/^\{\n {4}"\$schema"/);
    expect(part.address(text)).toBe(sender.url);
  });

  it("changes nothing the second time, and only address and key for another server", () => {
    const once = part.put(own, sender);
    expect(part.put(once, sender)).toBe(once);
    const other = { url: "http://localhost:8787", key: key.replace("ABC", "XYZ") };
    const moved = part.put(once, other);
    expect(moved).not.toContain("fork.example");
    expect(moved).not.toContain(key);
    expect(JSON.parse(moved)).toEqual(JSON.parse(part.put(own, other)));
  });

  it("takes out exactly what it wrote, byte for byte", () => {
    for (const before of [own, "{}\n", '{\n  "env": {},\n  "hooks": {\n    "Stop": []\n  }\n}'])
      expect(part.same(part.take(part.put(before, sender), before), before)).toBe(true);
    expect(part.take(part.put(own, sender), own)).toBe(own);
    // Without the backup the switch that was there before cannot be told from ours.
    const blind = JSON.parse(part.take(part.put(own, sender), null));
    expect(blind).toEqual({ ...OWN, env: { EDITOR: "vi" } });
  });

  it("takes out its own also after the person changed other parts", () => {
    const value = JSON.parse(part.put(own, sender));
    value.env.NEW = "x";
    value.env.OTEL_METRICS_EXPORTER = "console";
    value.hooks.Stop.unshift({ hooks: [{ type: "command", command: "later" }] });
    // Somebody put a hook of theirs into our group.
    value.hooks.SessionEnd[0].hooks.push({ type: "command", command: "bye" });
    const left = JSON.parse(part.take(JSON.stringify(value), own));
    expect(left).toEqual({
      ...OWN,
      env: { ...OWN.env, NEW: "x", OTEL_METRICS_EXPORTER: "console" },
      hooks: {
        Stop: [{ hooks: [{ type: "command", command: "later" }] }, OWN.hooks.Stop[0]],
        PreToolUse: OWN.hooks.PreToolUse,
        SessionEnd: [{ hooks: [{ type: "command", command: "bye" }] }],
      },
    });
  });

  it("keeps CRLF, a byte order mark, tabs and a missing last line end", () => {
    const text = `\uFEFF{\r\n\t"model": "opus"\r\n}`;
    const put = part.put(text, sender);
    expect(put.startsWith(`\uFEFF{\r\n\t"model": "opus",\r\n\t"env"`)).toBe(true);
    expect(put.replaceAll("\r\n", "")).not.toContain("\n");
    expect(put.endsWith("}")).toBe(true);
    expect(part.take(put, text)).toBe(text);
  });
});

describe("what it refuses, leaving the file alone", () => {
  it.each([
    ['{\n  // mine\n  "model": "opus"\n}', /comments or trailing commas/],
    ['{ "a": "// no comment", }', /comments or trailing commas/],
    ["{ model: opus }", /is not JSON/],
    ['{ "model": "op', /is not JSON/],
    ["[]", /not an object/],
    ['{ "hooks": [] }', /"hooks" in settings.json is not an object/],
    ['{ "hooks": { "Stop": {} } }', /"hooks.Stop" in settings.json is not a list/],
  ])("%s", (text, why) => {
    expect(() => part.put(text, sender)).toThrow(why);
  });

  it("telemetry that goes elsewhere, unless hooks alone are wanted", () => {
    const text = JSON.stringify({
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: "https://other.example", CLAUDE_CODE_ENABLE_TELEMETRY: "1" },
    });
    expect(() => part.put(text, sender)).toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT.*--hooks-only/s);
    const signal = JSON.stringify({ env: { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "https://other.example" } });
    expect(() => part.put(signal, sender)).toThrow(/OTEL_EXPORTER_OTLP_LOGS_ENDPOINT/);
    const hooks = claudeCodePart("settings.json", true).put(text, sender);
    expect(JSON.parse(hooks).env).toEqual({ ...JSON.parse(text).env, CLUSTERFORK_KEY: key });
    expect(JSON.parse(part.take(hooks, null))).toEqual(JSON.parse(text));
  });
});

it("says what would keep the hooks from running", () => {
  const notes = (value: object, url = sender.url) =>
    claudeCodeNotes(JSON.stringify(value), { url, key }).join("\n");
  expect(notes({})).toBe("");
  expect(notes({ disableAllHooks: true })).toMatch(/disableAllHooks/);
  expect(notes({ allowedHttpHookUrls: [] })).toContain("https://fork.example/v1/hooks/claude-code");
  expect(notes({ httpHookAllowedEnvVars: [] })).toContain("CLUSTERFORK_KEY");
  expect(notes({}, "http://192.168.1.4:8787")).toContain("192.168.1.4");
  expect(notes({}, "http://127.0.0.1:8787")).toBe("");
});
