import { describe, expect, it } from "vitest";
import { MAX_EVIDENCE } from "../../../schema/event/limits.ts";
import { learn, restate } from "./kept.ts";
import { MAX_SEQS } from "./limits.ts";
import type { Saying } from "./saying.ts";

const saying = (seq: number, evidence: number[]): Saying => ({
  ...{ category: "pattern", headline: `Said ${seq}`, explanation: null, context: null, tags: [] },
  ...{ importance: 5, confidence: null, source_task: null, source_feature: null, evidence, flags: [] },
  ...{ is_unvouched: false },
  ...{ wants_team: false, kind: "key", by: "coder", key_id: "k", seq, at: seq },
});

describe("what is left of a lesson that others said too", () => {
  const left = Array.from({ length: MAX_SEQS + 5 }, (_, n) =>
    saying(
      n + 1,
      Array.from({ length: 30 }, (_none, m) => n * 30 + m + 1),
    ),
  );
  const kept = restate(learn("p1", "name", saying(99, [5_000])), left);
  it("are their words, the newest, counted, and nothing of what the others added", () => {
    expect(kept).toMatchObject({ headline: `Said ${left.length}`, times: left.length });
    expect(kept?.evidence).not.toContain(5_000);
    expect(kept?.provenance.seqs).not.toContain(99);
    expect(restate(learn("p1", "name", saying(99, [])), [])).toBeNull();
  });
  it("is within the limits of every lesson", () => {
    expect(kept?.evidence).toHaveLength(MAX_EVIDENCE);
    expect(kept?.provenance.seqs).toHaveLength(MAX_SEQS);
  });
});
