import { expect, it } from "vitest";
import { codexPart } from "./codex.ts";

const key = "cfk_p0123456789abcde_0123456789ab_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345_0123456789abcdef01234567";
const sender = { url: "https://fork.example", key };
const part = codexPart("config.toml");

const OWN = `# mine
model = "gpt-5.2"   # the good one
notify = ["say", "[otel]"]
text = """
[otel]
it's "quoted"
"""

[mcp_servers.docs]
command = 'npx'
`;

it("adds its table at the end, between marks, and leaves every other byte", () => {
  const text = part.put(OWN, sender);
  expect(text.startsWith(OWN)).toBe(true);
  expect(text.slice(OWN.length)).toBe(
    [
      "",
      "# >>> clusterfork: written by `clusterfork connect codex`, taken out by the same with --undo",
      "[otel]",
      "log_user_prompt = false",
      "",
      "[otel.exporter.otlp-http]",
      'endpoint = "https://fork.example/v1/otlp/v1/logs"',
      'protocol = "binary"',
      `headers = { "authorization" = "Bearer ${key}" }`,
      "# <<< clusterfork",
      "",
    ].join("\n"),
  );
  expect(part.address(text)).toBe(sender.url);
});

it.each([OWN, "", "\n", 'model = "x"', OWN.replaceAll("\n", "\r\n")])(
  "changes nothing the second time, and comes out again: %j",
  (before) => {
    const once = part.put(before, sender);
    expect(part.put(once, sender)).toBe(once);
    if (before.includes("\r\n")) expect(once.replaceAll("\r\n", "")).not.toContain("\n");
    expect(part.same(part.take(once, null), before)).toBe(true);
    const moved = part.put(once, { ...sender, url: "http://localhost:8787" });
    expect(moved).not.toContain("fork.example");
    expect(part.address(moved)).toBe("http://localhost:8787");
  },
);

it("comes out also after Codex wrote behind it", () => {
  const later = `${part.put(OWN, sender)}\n[projects."/home/me"]\ntrust_level = "trusted"\n`;
  expect(part.put(later, sender)).toBe(later);
  expect(part.take(later, null)).toBe(`${OWN}\n[projects."/home/me"]\ntrust_level = "trusted"\n`);
});

it.each([
  "[otel]\nexporter = 'none'\n",
  '[ "otel" ]\n',
  "[otel.exporter.otlp-http]\n",
  'otel.environment = "dev"\n',
  "otel = { exporter = 'none' }\n",
  'text = """a "b" """\n[otel]\n',
  "text = 'it''' # no\n[otel]\n",
])("refuses a file that has the table already: %j", (text) => {
  expect(() => part.put(text, sender)).toThrow(/has a table \[otel\] already/);
});

it("takes a key of that name inside another table, and text, for what they are", () => {
  for (const text of ["[tools]\notel = true\n", "text = '''\n[otel]\n'''\n", "# [otel]\n"])
    expect(part.put(text, sender)).toContain("# >>> clusterfork");
});

it("refuses a cut file and half a mark", () => {
  expect(() => part.put('text = """\nnever closed\n', sender)).toThrow(/ends inside a text/);
  const half = part.put(OWN, sender).replace("# <<< clusterfork", "");
  expect(() => part.put(half, sender)).toThrow(/only some of the lines/);
  expect(() => part.take(half, null)).toThrow(/only some of the lines/);
});
