import { describe, expect, it } from "vitest";
import type { Card } from "./card.ts";
import { type NodeKey, taskKey } from "./model.ts";
import { countCards } from "./tally.ts";

describe("countCards", () => {
  it("counts tasks alone: a feature that is waited for is drawn, but is no task", () => {
    const cards = new Map<NodeKey, Pick<Card, "glyph" | "kind">>([
      [taskKey("a"), { kind: "task", glyph: "done" }],
      [taskKey("b"), { kind: "task", glyph: "pending" }],
      ["feature:f", { kind: "feature", glyph: "done" }],
    ]);
    const counts = countCards([...cards.keys(), taskKey("unknown")], cards);
    expect(counts).toMatchObject({ done: 1, pending: 1, total: 2 });
  });
});
