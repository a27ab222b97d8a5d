/** Of a stored line, the text that tells of forgetting (schema/event/witness.ts). */
import { VERSION_CHARS, WITNESS_TYPE } from "../../schema/event/witness.ts";

/** All of it where it may be a witness, else its end: a long log is not decoded for nothing. */
export function readableOf(line: Buffer): string {
  return (line.includes(WITNESS_TYPE) ? line : line.subarray(-VERSION_CHARS)).toString();
}
