/** A field that no event has is a typing error: it is refused with what was probably meant, not answered with nothing. */
import { ENVELOPE_FIELDS } from "../../../schema/column/field.ts";
import type { FieldsReply } from "../../../schema/column/page.ts";
import { nearestField, typos } from "../../../schema/event/nearest.ts";

const MAX_SUGGESTIONS = 3;
/** Letters compared: the distance costs their product, and there may be thousands of names. */
const MAX_COMPARED_CHARS = 48;

/** Null when every field is one of the log's, or may be. */
export function unknownField(fields: readonly string[], reply: FieldsReply): string | null {
  // A log that is empty, or whose fields are not all named, cannot tell.
  if (reply.head_seq === 0) return null;
  const known = new Set([...ENVELOPE_FIELDS, ...reply.fields]);
  const unknown = fields.find((field) => {
    if (known.has(field)) return false;
    return reply.complete || !/^(metadata|metrics)\./.test(field);
  });
  if (unknown === undefined) return null;
  const near = nearest(unknown, [...known]);
  return `No event has a field "${unknown.slice(0, MAX_COMPARED_CHARS)}".${
    near.length > 0 ? ` Near it: ${near.join(", ")}.` : ""
  } GET /v1/query/fields lists all.`;
}

/** What other systems call it first; then by typing errors of the last part, because `model` is meant as `metadata.model`. */
function nearest(field: string, known: readonly string[]): string[] {
  const word = bare(field);
  const meant = known.find((name) => name === nearestField(field));
  const near = known
    .map((name) => ({ name, distance: typos(word, bare(name)) }))
    .filter(({ distance }) => distance <= Math.max(1, word.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
  return [...new Set(meant === undefined ? near : [meant, ...near])].slice(0, MAX_SUGGESTIONS);
}

function bare(field: string): string {
  const plain = field.slice(0, MAX_COMPARED_CHARS).toLowerCase();
  return plain.replace(/^(metadata|metrics)\./, "").replaceAll(/[_\-. ]/g, "");
}
