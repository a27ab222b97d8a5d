/** Gemini CLI: `telemetry` of `settings.json`, and the header with the key in `.env` beside it. */
import { geminiEnvironment, geminiTelemetry, type Sender } from "../../schema/wire/sender.ts";
import { isObject, objectIn, readJson, sameJson } from "./json-text.ts";
import { putBlock, sameLines, splitBlock, takeBlock } from "./marked-block.ts";
import { Refusal, type Part } from "./part.ts";
import { conflicts, dropEmpty, fixed, matching, putSettings, takeSettings, type Setting } from "./setting.ts";

function settingsOf(sender: Pick<Sender, "url">): Setting[] {
  return Object.entries(geminiTelemetry(sender)).map(([name, value]) =>
    name === "otlpEndpoint"
      ? matching(name, String(value), /\/v1\/otlp$/)
      : // Another target is another place; the others only say whether and how.
        fixed(name, value, name !== "target"),
  );
}

export function geminiSettingsPart(path: string): Part {
  return {
    path,
    secret: false,
    shown: (sender) => JSON.stringify({ telemetry: geminiTelemetry(sender) }, null, 2),
    same: sameJson,
    put(text, sender) {
      const file = readJson(text, path);
      const telemetry = objectIn(file.value, "telemetry", path) ?? {};
      const settings = settingsOf(sender);
      const taken = conflicts(settings, telemetry);
      // With a file to write to, nothing is sent.
      if (telemetry["outfile"] !== undefined) taken.push("outfile");
      if (taken.length > 0)
        throw new Refusal(
          `${path} has telemetry.${taken.join(", telemetry.")} set to something else, and Gemini CLI sends to one place. Nothing was changed. Take ${taken.length === 1 ? "it" : "them"} out to send here.`,
        );
      putSettings(settings, telemetry);
      file.value["telemetry"] = telemetry;
      return file.write(file.value);
    },
    take(text, before) {
      const file = readJson(text, path);
      const telemetry = objectIn(file.value, "telemetry", path);
      if (telemetry === null || addressIn(text) === null) return text;
      const known = before !== null && addressIn(before) === null ? readJson(before, path).value : null;
      const old = known?.["telemetry"];
      takeSettings(settingsOf({ url: "" }), telemetry, isObject(old) ? old : null);
      dropEmpty(file.value, "telemetry", known);
      return file.write(file.value);
    },
    address: addressIn,
  };
}

function addressIn(text: string): string | null {
  try {
    const telemetry = objectIn(readJson(text, "").value, "telemetry", "");
    const endpoint = telemetry?.["otlpEndpoint"];
    return typeof endpoint === "string" ? (/^(.*)\/v1\/otlp$/.exec(endpoint)?.[1] ?? null) : null;
  } catch {
    return null;
  }
}

const HEADERS = /^\s*(?:export\s+)?OTEL_EXPORTER_OTLP_(?:LOGS_)?HEADERS\s*=/m;

export function geminiEnvironmentPart(path: string): Part {
  return {
    path,
    secret: true,
    shown: geminiEnvironment,
    same: sameLines,
    put(text, sender) {
      const { before, after } = splitBlock(text, path);
      if (HEADERS.test(`${before}\n${after}`))
        throw new Refusal(
          `${path} sets OTEL_EXPORTER_OTLP_HEADERS already. Nothing was changed. Take it out to send here, or add authorization to it yourself.`,
        );
      return putBlock(text, geminiEnvironment(sender), "gemini", path);
    },
    take: (text) => takeBlock(text, path),
    // The address stands in settings.json: here only that a key does.
    address: (text) => (isMarked(text) ? "" : null),
  };
}

function isMarked(text: string): boolean {
  try {
    return splitBlock(text, "").block !== null;
  } catch {
    // Half a mark: `take` says what is wrong with it.
    return true;
  }
}
