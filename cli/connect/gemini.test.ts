import { expect, it } from "vitest";
import { geminiEnvironmentPart, geminiSettingsPart } from "./gemini.ts";

const key = "cfk_p0123456789abcde_0123456789ab_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345_0123456789abcdef01234567";
const sender = { url: "https://fork.example", key };
const settings = geminiSettingsPart("settings.json");
const environment = geminiEnvironmentPart(".env");

const OWN = { theme: "GitHub", telemetry: { enabled: false, logPrompts: true }, mcpServers: {} };
const own = JSON.stringify(OWN, null, 2);

it("turns telemetry on, without prompts, and puts it back as it was", () => {
  const text = settings.put(own, sender);
  expect(JSON.parse(text)).toEqual({
    ...OWN,
    telemetry: {
      enabled: true,
      logPrompts: false,
      target: "local",
      otlpEndpoint: "https://fork.example/v1/otlp",
      otlpProtocol: "http",
    },
  });
  expect(text).not.toContain(key);
  expect(settings.put(text, sender)).toBe(text);
  expect(settings.take(text, own)).toBe(own);
  expect(JSON.parse(settings.take(settings.put("{}", sender), "{}"))).toEqual({});
});

it("leaves alone what sends elsewhere, and what is not ours to undo", () => {
  for (const telemetry of [
    { target: "gcp" },
    { otlpEndpoint: "http://localhost:4317" },
    { outfile: "t.log" },
  ]) {
    const text = JSON.stringify({ telemetry });
    expect(() => settings.put(text, sender)).toThrow(`telemetry.${Object.keys(telemetry)[0]}`);
    expect(settings.take(text, null)).toBe(text);
  }
  expect(() => settings.put('{ "theme": "x", /* mine */ }', sender)).toThrow(/comments/);
});

it("puts the header into .env, and out again", () => {
  const before = "GEMINI_API_KEY=abc";
  const text = environment.put(before, sender);
  expect(text).toContain(`\nOTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer ${key}"\n`);
  expect(environment.put(text, sender)).toBe(text);
  expect(environment.same(environment.take(text, null), before)).toBe(true);
  expect(() => environment.put("export OTEL_EXPORTER_OTLP_HEADERS=a=b\n", sender)).toThrow(/already/);
});
