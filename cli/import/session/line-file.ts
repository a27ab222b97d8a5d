/** A file of JSON lines, read to its end or to where it is damaged; what is no object is counted. */
import { UserError } from "../../command/user-error.ts";
import { parseObject, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import type { Sources } from "./reading.ts";

export interface ObjectLine {
  raw: JsonObject;
  text: string;
  at: string;
}

export async function* readObjects(path: string, sources: Sources, tally: Tally): AsyncGenerator<ObjectLine> {
  try {
    for await (const line of sources.lines(path)) {
      tally.records += 1;
      if ("skipped" in line) {
        tally.skip(line.skipped, line.at);
        continue;
      }
      const raw = parseObject(line.text);
      if (typeof raw === "string") tally.skip(raw, line.at);
      else yield { raw, text: line.text, at: line.at };
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // One damaged file of many: what was read of it counts, the others go on.
    tally.records += 1;
    tally.skip(error.message, path);
  }
}

/** A file that is one JSON object, or null, with the reason counted. `records` are counted by who reads it. */
export async function readDocument(path: string, sources: Sources, tally: Tally): Promise<JsonObject | null> {
  let reason: string;
  try {
    const line = await sources.whole(path);
    const raw = "skipped" in line ? line.skipped : parseObject(line.text);
    if (typeof raw !== "string") return raw;
    reason = raw === "not an object" ? raw : "not JSON (a file cut off, or still being written)";
    if ("skipped" in line) reason = line.skipped;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    reason = error.message;
  }
  tally.records += 1;
  tally.skip(reason, path);
  return null;
}
