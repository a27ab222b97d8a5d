/** [T2] Which fields a link may ask for, held against what redaction leaves of arbitrary events. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { fieldOf } from "../../schema/column/field.ts";
import type { Json, StoredEvent } from "../../schema/event/event.ts";
import { definedTypes, definitionOf } from "../../schema/event/taxonomy.ts";
import { redactEvent } from "../../schema/event/view.ts";
import { isPlain, isShown } from "./column.ts";

const policy = fc.record({ cost: fc.boolean(), name: fc.boolean(), title: fc.boolean(), text: fc.boolean() });
const type = fc.constantFrom(...definedTypes(), "deploy.started");
const alias = (name: string) => `anon-${name}`;

/** An event with every field that any type declares, and some that none does. */
function full(event_type: string): StoredEvent {
  const keys = (kind: "metadataFields" | "metricFields") =>
    new Set(definedTypes().flatMap((name) => [...(definitionOf(name)?.[kind].keys() ?? [])]));
  const metadata: { [key: string]: Json } = { undeclared: "u" };
  for (const key of keys("metadataFields")) metadata[key] = `value of ${key}`;
  const metrics: { [key: string]: number } = { undeclared: 7 };
  for (const key of keys("metricFields")) metrics[key] = 1;
  return {
    ...{ id: "e", seq: 1, event_type, agent_id: "ann", agent_role: "coder", task_id: "t", feature_id: "f" },
    ...{ session_id: "s", timestamp: "2026-11-22T12:00:00.000Z", received_at: "2026-11-22T12:00:00.000Z" },
    ...{ source: "api", key_id: "k", v: 2, metadata, metrics },
  };
}
const fieldsOf = ({ metadata = {}, metrics = {} }: StoredEvent) => [
  ...[
    "event_type",
    "agent_id",
    "agent_role",
    "task_id",
    "feature_id",
    "session_id",
    "source",
    "key_id",
    "seq",
    "time",
    "id",
  ],
  ...Object.keys(metadata).map((key) => `metadata.${key}`),
  ...Object.keys(metrics).map((key) => `metrics.${key}`),
];

it("[T2] a plain column is, in every event, what the link shows of it; what is not shown, no event shows", () => {
  fc.assert(
    fc.property(type, policy, (event_type, hides) => {
      const event = full(event_type);
      const seen = redactEvent(event, hides, alias);
      for (const field of fieldsOf(event)) {
        if (isPlain(field, hides)) expect(fieldOf(seen, field), field).toEqual(fieldOf(event, field));
        if (!isShown(field, hides)) expect(fieldOf(seen, field), field).toBeNull();
      }
    }),
  );
});

it("a link that takes nothing away reads all columns, and one that takes texts still those of the envelope", () => {
  const open = { cost: false, name: false, title: false, text: false };
  expect(
    fieldsOf(full("task_created")).filter((field) => !isPlain(field, open) || !isShown(field, open)),
  ).toEqual([]);
  const texts = { ...open, text: true };
  expect(["event_type", "agent_id", "time", "metrics.cost_usd"].every((field) => isPlain(field, texts))).toBe(
    true,
  );
  expect(isPlain("metadata.model", texts)).toBe(false);
  expect(isShown("metadata.model", texts)).toBe(true);
  expect(isShown("metadata.undeclared", texts)).toBe(false);
  expect(isShown("made_up", open)).toBe(false);
});
