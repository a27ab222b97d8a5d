/** The text format, read back by a strict reader of its grammar. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExposition } from "../../test/sample/exposition.ts";
import { exposition, type Family } from "./exposition.ts";

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
const label = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/).filter((text) => !text.startsWith("__"));
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.constantFrom('"', "\\", "\n", "\\n", 'a"} 1\nfake_total 7', "\ud800", "# HELP x y", "é,=}"),
);
const family: fc.Arbitrary<Family> = fc.record({
  name,
  help: text,
  type: fc.constantFrom("counter" as const, "gauge" as const),
  samples: fc.uniqueArray(fc.record({ labels: fc.dictionary(label, text), value: fc.double() }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ labels }) => JSON.stringify(labels),
  }),
});

describe("the exposition", () => {
  it("[P2] says each sample once, whatever a label's value holds", () => {
    fc.assert(
      fc.property(fc.uniqueArray(family, { selector: ({ name }) => name, maxLength: 4 }), (families) => {
        const read = parseExposition(exposition(families));
        expect([...read.keys()]).toEqual(families.map((one) => one.name));
        for (const one of families) {
          if (one.type === "histogram") continue;
          const found = read.get(one.name);
          expect(found?.type).toBe(one.type);
          expect(found?.help).toBe(one.help.toWellFormed());
          expect(found?.samples).toEqual(
            one.samples.map(({ labels = {}, value }) => ({
              name: one.name,
              labels: Object.fromEntries(
                Object.entries(labels).map(([key, each]) => [key, each.toWellFormed()]),
              ),
              value: value === 0 ? 0 : value,
            })),
          );
        }
      }),
    );
  });

  it("counts a histogram's buckets up to everything", () => {
    const histogram = { bounds: [1, 10], counts: [3, 2, 1], sum: 47 };
    expect(exposition([{ name: "x_events", help: "per commit", type: "histogram", histogram }])).toBe(
      [
        "# HELP x_events per commit",
        "# TYPE x_events histogram",
        'x_events_bucket{le="1"} 3',
        'x_events_bucket{le="10"} 5',
        'x_events_bucket{le="+Inf"} 6',
        "x_events_sum 47",
        "x_events_count 6",
        "",
      ].join("\n"),
    );
  });
});
