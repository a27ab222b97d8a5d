/** A value that a zod schema takes, drawn by chance: read off its JSON Schema, so that new fields need nothing here. */
import * as z from "zod";
import type { Json } from "../../../schema/event/event.ts";
import type { Draw } from "../../replay/fault/draw.ts";

/** As much of JSON Schema as the taxonomy's fields use. */
interface Shape {
  type?: string;
  format?: string;
  enum?: Json[];
  const?: Json;
  anyOf?: Shape[];
  minimum?: number;
  maximum?: number;
  items?: Shape;
  properties?: { [key: string]: Shape };
  additionalProperties?: Shape | boolean;
}

/** Text that some reader trips over, and no secret. */
export const TEXTS = [
  "",
  "a title",
  "__proto__",
  "constructor",
  "</script><img src=x>",
  "half \ud83d an emoji",
  "\u0000",
  "\u202eturned\u2028line",
  "é\u0301 🎈",
  "NaN",
  "-0",
  "'; DROP TABLE log; --",
  '"\\',
] as const;

export function valueOf(schema: z.ZodType, draw: Draw): Json {
  return fill(shapeOf(schema), draw);
}

/** Right ones of every kind: a moment that is none is refused, and that is not what is drawn here. */
const MOMENTS = ["2026-11-27T18:00:00Z", "2026-11-27T18:00:00.123+05:30", "1970-01-01T00:00:00Z"] as const;

const shapes = new WeakMap<z.ZodType, Shape>();
function shapeOf(schema: z.ZodType): Shape {
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const shape = z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as Shape;
  shapes.set(schema, shape);
  return shape;
}

function fill(shape: Shape, draw: Draw): Json {
  if (shape.const !== undefined) return shape.const;
  const [first, ...rest] = shape.enum ?? [];
  if (first !== undefined) return draw.oneOf([first, ...rest]);
  const [branch, ...branches] = shape.anyOf ?? [];
  if (branch !== undefined) return fill(draw.oneOf([branch, ...branches]), draw);
  const { minimum = -1e6, maximum = 1e6, items, properties, additionalProperties } = shape;
  switch (shape.type ?? "any") {
    case "string":
      return draw.oneOf(shape.format === "date-time" ? MOMENTS : TEXTS);
    case "boolean":
      return draw.chance(0.5);
    case "integer":
      return draw.oneOf([minimum, maximum, Math.min(maximum, minimum + draw.below(1_000))]);
    case "number":
      return draw.oneOf([minimum, maximum, -0 + minimum, minimum + (maximum - minimum) * 0.3]);
    case "array":
      return Array.from({ length: draw.below(4) }, () => fill(items ?? {}, draw));
    case "object": {
      const known = Object.entries(properties ?? {}).map(([key, inner]): [string, Json] => [
        key,
        fill(inner, draw),
      ]);
      const others =
        typeof additionalProperties === "object" ? [["a.name", fill(additionalProperties, draw)]] : [];
      return Object.fromEntries([...known, ...others]) as Json;
    }
    default:
      return draw.oneOf<Json>([null, 7, "anything", [], {}]);
  }
}
