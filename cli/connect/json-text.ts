/** A settings file in JSON: read, changed and written again in the manner in which it was written. */
import { Refusal } from "./part.ts";

export type JsonObject = Record<string, unknown>;

export interface JsonText {
  value: JsonObject;
  /** The text again, with the line ends, indent and last line of the one that was read. */
  write(value: JsonObject): string;
}

const BOM = "\uFEFF";

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function readJson(text: string, path: string): JsonText {
  const bare = text.startsWith(BOM) ? text.slice(BOM.length) : text;
  const value = bare.trim() === "" ? {} : parse(bare, path);
  if (!isObject(value))
    throw new Refusal(`${path} holds JSON, but not an object of settings. Nothing was changed.`);
  const line_end = bare.includes("\r\n") ? "\r\n" : "\n";
  const indent = /^\{\s*?\n([ \t]+)\S/.exec(bare)?.[1] ?? "  ";
  const ends = bare.trim() === "" || /\n\s*$/.test(bare);
  return {
    value,
    write: (changed) => {
      // Line ends inside strings are escaped: every raw one is between values.
      const body = JSON.stringify(changed, null, indent).replaceAll("\n", line_end);
      return `${bare === text ? "" : BOM}${body}${ends ? line_end : ""}`;
    },
  };
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (isJson(withoutComments(text)))
      throw new Refusal(
        `${path} has comments or trailing commas, which would be lost. Nothing was changed: paste the settings into it yourself.`,
      );
    throw new Refusal(
      `${path} is not JSON: ${(error as Error).message}. Nothing was changed. Mend the file, then run this again.`,
    );
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Strings stay; `//`, block comments and commas before a closing bracket go. Only to tell what kind of file it is. */
function withoutComments(text: string): string {
  return text
    .replace(/("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_all, quoted?: string) => quoted ?? "")
    .replace(/("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])/g, (_all, quoted?: string) => quoted ?? "");
}

/** Member `name` as an object; null where there is none. */
export function objectIn(parent: JsonObject, name: string, path: string): JsonObject | null {
  const value = parent[name];
  if (value === undefined) return null;
  if (!isObject(value)) throw new Refusal(`"${name}" in ${path} is not an object. Nothing was changed.`);
  return value;
}

/** Same values in the same order: what a person would call the same file, apart from spaces. */
export function sameJson(one: string, other: string): boolean {
  const plain = (text: string) => {
    const bare = text.replace(BOM, "").trim();
    return JSON.stringify(bare === "" ? {} : JSON.parse(bare));
  };
  try {
    return plain(one) === plain(other);
  } catch {
    return false;
  }
}
