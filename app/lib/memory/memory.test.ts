import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decision } from "../../../schema/state/entity/decision.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { ofSection, readPlace, withPlace } from "./address.ts";
import { MEMORY_TABLE, memoryNumbers } from "./headline.ts";
import { markedIn, matchesWords, wordsOf } from "./search.ts";

const decision = (given: Partial<Decision> = {}): Decision => ({
  seq: 7,
  time: 0,
  agent_id: "ana",
  task_id: "t-1",
  feature_id: null,
  title: "One pure function",
  rationale: "Testable without the daemon",
  alternatives: ["a wave stored per bead"],
  ...given,
});

describe("search", () => {
  it("finds every word, wherever in a decision it stands", () => {
    for (const typed of ["PURE daemon", "bead ana", "t-1", "  "])
      expect(matchesWords(decision(), wordsOf(typed))).toBe(true);
    expect(matchesWords(decision(), wordsOf("pure missing"))).toBe(false);
    expect(matchesWords(decision({ title: null, rationale: null, alternatives: [] }), ["null"])).toBe(false);
  });

  it("[P2] marks words without changing the text", { timeout: 30_000 }, () => {
    expect(markedIn("wave, Wavelet", ["wave", "wavelet"])).toEqual([
      { text: "wave", hit: true },
      { text: ", ", hit: false },
      { text: "Wavelet", hit: true },
    ]);
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, (said, typed) => {
        const parts = markedIn(said, wordsOf(typed));
        expect(parts.map((part) => part.text).join("")).toBe(said);
      }),
    );
  });
});

describe("the address", () => {
  const none = {
    ...{ show: null, typed: "", decision: null, lesson: null },
    ...{ status: null, category: null, tag: null, scope: null },
  };
  const read = (text: string) => readPlace(new URLSearchParams(text));
  it("keeps what is shown, searched and chosen, and takes no nonsense from it", () => {
    expect(read("q=a+b&decision=12")).toEqual({ ...none, show: "decisions", typed: "a b", decision: 12 });
    expect(read("lesson=p1.x&status=retired&category=pitfall")).toEqual({
      ...{ ...none, show: "lessons", lesson: "p1.x", status: "retired", category: "pitfall" },
    });
    expect(read("tag=+Locks&scope=team")).toEqual({ ...none, tag: "locks", scope: "team" });
    expect(read(`scope=all&tag=a,b`)).toEqual(none);
    expect(read(`tag=${"x".repeat(61)}`)).toEqual(none);
    expect(read("show=skills&lesson=x")).toMatchObject({ show: "skills", lesson: "x" });
    expect(read("decision=-1&show=<b>&status=toString&category=__proto__&lesson=")).toEqual(none);
    expect(read(`lesson=${"x".repeat(401)}`).lesson).toBeNull();
    expect(withPlace(new URLSearchParams("q=a&at=5"), { q: "", decision: 3 })).toBe("?at=5&decision=3");
  });
  it("leaves what was chosen behind with its section, and keeps the moment", () => {
    const query = new URLSearchParams(
      "q=a&at=5&lesson=x&status=active&category=pattern&decision=3&tag=a&scope=team",
    );
    expect(ofSection(query, "skills")).toBe("?at=5&show=skills");
  });
});

describe("the sentence", () => {
  const say = (decisions: Decision[], all = decisions.length, found: number | null = null) =>
    textOf(
      headlineOf(
        MEMORY_TABLE,
        memoryNumbers(decisions, {
          decisions: all,
          newest: decisions.length === 0 ? null : { ago: "3 h ago", href: "?" },
          found,
        }),
      ),
    );
  it("counts what was decided, and says what is missing of it", () => {
    expect(say([])).toMatch(/^No decision has been recorded/);
    expect(say([decision()])).toBe("One decision by one agent; the newest 3 h ago.");
    expect(say([decision(), decision({ rationale: null, agent_id: "bo" })])).toBe(
      "Two decisions by two agents; the newest 3 h ago. One of them does not say why.",
    );
    expect(say([decision(), decision({ alternatives: [] })])).toContain(
      "All say why; 1 of 2 says what was rejected.",
    );
    expect(say([decision()], 40)).toMatch(/^40 decisions, the newest 1 here, by/);
  });
  it("says what a search found", () => {
    expect(say([decision(), decision()], 2, 1)).toBe("One of two decisions holds these words.");
    expect(say([decision()], 1, 0)).toBe("None of one decision here holds these words.");
  });
});
