/** Single settings of ours among a person's: put in, and taken out by what they say. */
import type { JsonObject } from "./json-text.ts";

export interface Setting {
  name: string;
  value: string | boolean;
  /** Whether a value is one that we wrote, for whatever address and key. */
  ours: (value: unknown) => boolean;
  /** Another value gives way, and comes back with `takeSettings`. Without it the person decides. */
  gives_way?: boolean;
}

export function fixed(name: string, value: string | boolean, gives_way = false): Setting {
  return { name, value, ours: (other) => other === value, gives_way };
}

export function matching(name: string, value: string, shape: RegExp): Setting {
  return { name, value, ours: (other) => typeof other === "string" && shape.test(other) };
}

/** The names that hold something else, which must not be overridden. */
export function conflicts(settings: readonly Setting[], among: JsonObject): string[] {
  return settings
    .filter(({ name, ours, gives_way }) => !gives_way && among[name] !== undefined && !ours(among[name]))
    .map(({ name }) => name);
}

export function putSettings(settings: readonly Setting[], among: JsonObject): void {
  for (const { name, value } of settings) among[name] = value;
}

export function takeSettings(
  settings: readonly Setting[],
  among: JsonObject,
  before: JsonObject | null,
): void {
  for (const { name, ours } of settings) {
    // What the person made of it since is his.
    if (!ours(among[name])) continue;
    const old = before?.[name];
    if (old === undefined) delete among[name];
    else among[name] = old;
  }
}

/** An object that only we filled goes with what was in it. */
export function dropEmpty(parent: JsonObject, name: string, before: JsonObject | null): void {
  const value = parent[name];
  const empty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  if (empty && before?.[name] === undefined) delete parent[name];
}
