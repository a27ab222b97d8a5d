/** Claude Code: http hooks, and the variables that turn its telemetry on. */
import { isDeepStrictEqual } from "node:util";
import {
  CLAUDE_CODE_HOOK_NAMES,
  claudeCodeSettings,
  claudeCodeText,
  HOOK_PATH,
  KEY_VARIABLE,
  OTLP_PATH,
  type Sender,
} from "../../schema/wire/sender.ts";
import { isObject, objectIn, readJson, sameJson, type JsonObject } from "./json-text.ts";
import { Refusal, type Part } from "./part.ts";
import { conflicts, dropEmpty, fixed, matching, putSettings, takeSettings, type Setting } from "./setting.ts";

/** Settings of one signal, which come before those of all. */
const OF_ONE_SIGNAL = /^OTEL_EXPORTER_OTLP_(LOGS|METRICS)_/;

function settingsOf(sender: Sender, hooks_only: boolean): Setting[] {
  const { env } = claudeCodeSettings(sender);
  return Object.entries(env)
    .filter(([name]) => !hooks_only || name === KEY_VARIABLE)
    .map(([name, value]) => {
      if (name === KEY_VARIABLE) return matching(name, value, /^cfk_\S+$/);
      if (name.endsWith("_ENDPOINT")) return matching(name, value, /\/v1\/otlp$/);
      if (name.endsWith("_HEADERS")) return matching(name, value, /^Authorization=Bearer cfk_\S+$/);
      return fixed(name, value);
    });
}

/** What is ours is known without an address. */
const ANY_SENDER: Sender = { url: "", key: "" };

export function claudeCodePart(path: string, hooks_only = false): Part {
  return {
    path,
    secret: true,
    shown: claudeCodeText,
    same: sameJson,
    put(text, sender) {
      const file = readJson(text, path);
      const env = objectIn(file.value, "env", path) ?? {};
      const settings = settingsOf(sender, hooks_only);
      refuseConflicts(settings, env, path, hooks_only);
      putSettings(settings, env);
      file.value["env"] = env;
      file.value["hooks"] = putHooks(objectIn(file.value, "hooks", path) ?? {}, sender, path);
      return file.write(file.value);
    },
    take(text, before) {
      const file = readJson(text, path);
      const known = before !== null && addressIn(before) === null ? readJson(before, path).value : null;
      const env = objectIn(file.value, "env", path);
      // Where telemetry goes elsewhere, the switches that turn it on are the person's.
      const settings = settingsOf(ANY_SENDER, endpointIn(env) === null);
      if (env !== null) takeSettings(settings, env, isObject(known?.["env"]) ? known["env"] : null);
      const hooks = objectIn(file.value, "hooks", path);
      if (hooks !== null) takeHooks(hooks, isObject(known?.["hooks"]) ? known["hooks"] : null);
      dropEmpty(file.value, "env", known);
      dropEmpty(file.value, "hooks", known);
      return file.write(file.value);
    },
    address: addressIn,
  };
}

function refuseConflicts(settings: Setting[], env: JsonObject, path: string, hooks_only: boolean): void {
  const taken = conflicts(settings, env);
  if (!hooks_only) taken.push(...Object.keys(env).filter((name) => OF_ONE_SIGNAL.test(name)));
  if (taken.length > 0)
    throw new Refusal(
      `${path} sets ${taken.join(", ")} to something else, and Claude Code sends its telemetry to one place. Nothing was changed. ` +
        `Take ${taken.length === 1 ? "it" : "them"} out to send it here, or give --hooks-only: hooks without telemetry, so without tokens and cost.`,
    );
}

function isOurs(handler: unknown): handler is { url: string } {
  return isObject(handler) && typeof handler["url"] === "string" && handler["url"].endsWith(HOOK_PATH);
}

function handlersOf(group: unknown): unknown[] {
  return isObject(group) && Array.isArray(group["hooks"]) ? (group["hooks"] as unknown[]) : [];
}

/** The groups without our handlers; a group that held only them goes. */
function withoutOurs(groups: unknown[]): unknown[] {
  return groups.flatMap((group): unknown[] => {
    const handlers = handlersOf(group);
    if (!isObject(group) || !handlers.some(isOurs)) return [group];
    const kept = handlers.filter((handler) => !isOurs(handler));
    return kept.length === 0 ? [] : [{ ...group, hooks: kept }];
  });
}

function putHooks(hooks: JsonObject, sender: Sender, path: string): JsonObject {
  const wanted = claudeCodeSettings(sender).hooks;
  for (const name of CLAUDE_CODE_HOOK_NAMES) {
    const groups = hooks[name] ?? [];
    if (!Array.isArray(groups))
      throw new Refusal(`"hooks.${name}" in ${path} is not a list. Nothing was changed.`);
    const [group] = wanted[name] ?? [];
    const ours = (groups as unknown[]).filter((one) => handlersOf(one).some(isOurs));
    if (ours.length === 1 && isDeepStrictEqual(ours[0], group)) continue;
    hooks[name] = [...withoutOurs(groups as unknown[]), group];
  }
  return hooks;
}

function takeHooks(hooks: JsonObject, before: JsonObject | null): void {
  for (const [name, groups] of Object.entries(hooks)) {
    if (!Array.isArray(groups)) continue;
    const kept = withoutOurs(groups as unknown[]);
    if (kept.length === groups.length && kept.every((group, index) => group === groups[index])) continue;
    hooks[name] = kept;
    if (kept.length === 0 && before?.[name] === undefined) delete hooks[name];
  }
}

function addressIn(text: string): string | null {
  let value: JsonObject;
  try {
    ({ value } = readJson(text, ""));
  } catch {
    return null;
  }
  const { hooks, env } = value;
  const handlers = Object.values(isObject(hooks) ? hooks : {})
    .flatMap((groups) => (Array.isArray(groups) ? (groups as unknown[]) : []))
    .flatMap(handlersOf);
  const [first] = handlers.filter(isOurs);
  return first === undefined ? endpointIn(env) : first.url.slice(0, -HOOK_PATH.length);
}

function endpointIn(env: unknown): string | null {
  const endpoint = isObject(env) ? env["OTEL_EXPORTER_OTLP_ENDPOINT"] : null;
  return typeof endpoint === "string" && endpoint.endsWith(OTLP_PATH)
    ? endpoint.slice(0, -OTLP_PATH.length)
    : null;
}

/** 10/8, 172.16/12, 192.168/16, 169.254/16 and 100.64/10: Claude Code's http hooks go to none of them. */
const PRIVATE_HOST =
  /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)[\d.]+$/;

/** What in the file or the address would keep the hooks from running. */
export function claudeCodeNotes(text: string, sender: Sender): string[] {
  const { value } = readJson(text, "");
  const notes: string[] = [];
  if (value["disableAllHooks"] === true)
    notes.push(`"disableAllHooks" is set in this file: no hook runs until it is taken out.`);
  if (Array.isArray(value["allowedHttpHookUrls"]))
    notes.push(
      `"allowedHttpHookUrls" is set: it must list ${sender.url}${HOOK_PATH}, else the hooks are not called.`,
    );
  if (Array.isArray(value["httpHookAllowedEnvVars"]))
    notes.push(
      `"httpHookAllowedEnvVars" is set: it must list ${KEY_VARIABLE}, else the hooks come without a key.`,
    );
  const host = new URL(sender.url).hostname;
  if (PRIVATE_HOST.test(host))
    notes.push(
      `Claude Code calls no http hooks at private addresses such as ${host}; telemetry is sent. Give Clusterfork a name, or a tunnel to localhost.`,
    );
  return notes;
}
