/** Files of an npm archive: a gzipped tar (POSIX.1-2001, with pax records for long names). */
import { gunzipSync } from "node:zlib";

const BLOCK = 512;

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const field = (header: Uint8Array, from: number, length: number) =>
  text(header.subarray(from, from + length)).split("\0", 1)[0] ?? "";

/** `<length> path=<name>\n` among the records. */
function paxPath(records: string): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)/.exec(records)?.[1] ?? null;
}

/** Texts by their paths without the first folder, in the order of the paths. */
export function filesOf(
  archive: Uint8Array,
  wanted: (path: string) => boolean,
): [path: string, text: string][] {
  const tar = gunzipSync(archive);
  const files: [string, string][] = [];
  let long: string | null = null;
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    const size = Number.parseInt(field(header, 124, 12), 8) || 0;
    const body = tar.subarray(at + BLOCK, at + BLOCK + size);
    const type = field(header, 156, 1);
    if (type === "x") long = paxPath(text(body));
    else if (type !== "g") {
      const prefix = field(header, 345, 155);
      const path = long ?? (prefix === "" ? "" : `${prefix}/`) + field(header, 0, 100);
      long = null;
      const inside = path.slice(path.indexOf("/") + 1);
      if ((type === "0" || type === "") && wanted(inside)) files.push([inside, text(body)]);
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files.sort(([a], [b]) => (a < b ? -1 : 1));
}
