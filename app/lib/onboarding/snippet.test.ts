import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  claudeCodeSettingsSnippet,
  claudeCodeSnippet,
  cliSnippet,
  curlSnippet,
  fetchSnippet,
  shellWord,
  simulateSnippet,
} from "./snippet.ts";

const key = "cfk_p0123456789abcde_0123456789ab_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345_0123456789abcdef01234567";
const origin = "https://fork.example:8443";
const sh = (script: string) => execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" });

describe("shellWord", () => {
  it("leaves a key and an address bare", () => {
    expect(shellWord(key)).toBe(key);
    expect(shellWord(`${origin}/v1/events`)).toBe(`${origin}/v1/events`);
  });

  it.each(["", "a b", "$(id)", "`id`", "it's", "a;b", "a\nb", '"', "\\", "!x", "a&b", "*", "~", "#"])(
    "reaches the program as it was written: %j",
    (text) => {
      expect(sh(`printf %s ${shellWord(text)}`)).toBe(text);
    },
  );
});

describe("snippets", () => {
  it("simulate: a shell runs the command with the reader's key and address", () => {
    const printed = sh(
      `npx() { printf '%s|' "$@" "$CLUSTERFORK_URL" "$CLUSTERFORK_KEY"; }\n${simulateSnippet({ origin, key })}`,
    );
    expect(printed.split("|").slice(0, -1)).toEqual([
      ..."clusterfork simulate --start now-3h --speed live --features endless".split(" "),
      origin,
      key,
    ]);
  });

  it("curl: a shell sends the true event with the reader's key to the reader's address", () => {
    // A `curl` of our own prints its arguments and what it is fed.
    const printed = sh(
      `curl() { for a in "$@"; do printf '%s\\0' "$a"; done; cat; }\n${curlSnippet({ origin, key })}`,
    );
    const [address, ...rest] = printed.split("\0");
    expect(address).toBe(`${origin}/v1/events`);
    expect(rest).toContain(`Authorization: Bearer ${key}`);
    expect(rest).toContain("Content-Type: application/json");
    expect(rest.slice(-3, -1)).toEqual(["--data-binary", "@-"]);
    const body = JSON.parse(rest.at(-1) ?? "");
    expect(body).toEqual({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      event_type: "task_started",
      agent_id: "coder-a",
      agent_role: "coder",
      task_id: "TASK-001",
    });
    expect(Math.abs(Date.parse(body.timestamp) - Date.now())).toBeLessThan(5_000);
  });

  it("curl: an address that holds a quote or a command is only an address", () => {
    const odd = "http://host';touch${IFS}x;'";
    const printed = sh(
      `curl() { printf %s "$1"; }\n${curlSnippet({ origin: odd, key: "k'$(id)" })}\nprintf '\\n%s' "$CLUSTERFORK_KEY"`,
    );
    expect(printed).toBe(`${odd}/v1/events\nk'$(id)`);
  });

  it("CLI: sets address and key and names an existing command", () => {
    const printed = sh(
      `npx() { printf '%s|' "$CLUSTERFORK_URL" "$CLUSTERFORK_KEY" "$@"; }\n${cliSnippet({ origin, key })}`,
    );
    expect(printed).toContain(`${origin}|${key}|clusterfork|send|task_started|--agent|coder-a|`);
    // Pasted whole, it sends one event and nobody's history.
    expect(printed).not.toContain("|import|");
    expect(cliSnippet({ origin, key })).toContain("\n# npx clusterfork import --discover");
  });

  it("Claude Code: a shell runs the command that writes its settings; pasted by hand they are JSON", () => {
    const printed = sh(
      `npx() { printf '%s|' "$@" "$CLUSTERFORK_URL" "$CLUSTERFORK_KEY"; }\n${claudeCodeSnippet({ origin, key })}`,
    );
    expect(printed).toBe(`clusterfork|connect|claude-code|--write|${origin}|${key}|`);
    const settings = JSON.parse(claudeCodeSettingsSnippet({ origin, key }));
    expect(settings.env.OTEL_EXPORTER_OTLP_ENDPOINT).toBe(`${origin}/v1/otlp`);
    expect(settings.hooks.Stop[0].hooks[0].url).toBe(`${origin}/v1/hooks/claude-code`);
  });

  it("fetch: runs as JavaScript and sends the same event", async () => {
    const sent: [string, RequestInit][] = [];
    const reply = { status: 200, json: () => Promise.resolve({}) };
    // Running the text is the point of the test: what people paste must run.
    const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
    await AsyncFunction(
      "fetch",
      "console",
      fetchSnippet({ origin, key }),
    )((url: string, init: RequestInit) => (sent.push([url, init]), Promise.resolve(reply)), {
      log: () => {},
    });
    const [url, init] = sent[0] ?? ["", {}];
    expect(url).toBe(`${origin}/v1/events`);
    expect(init.headers).toMatchObject({ Authorization: `Bearer ${key}` });
    expect(JSON.parse(init.body as string)).toMatchObject({
      timestamp: expect.any(String),
      event_type: "task_started",
      agent_id: "coder-a",
    });
  });
});
