import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { reduceArtifacts } from "./artifact.ts";
import type { Json } from "./event.ts";
import { MAX_TEXT_BYTES } from "./limits.ts";

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
const reduce = (metadata: { [key: string]: Json }) => reduceArtifacts(metadata, sha256Hex);

const DIFF = `diff --git a/a.sql b/a.sql
--- a/a.sql
+++ b/a.sql
@@ -1,3 +1,3 @@
 select 1;
--- a comment
-select 2;
+select 3;
+select 4;
`;

describe("artifacts", () => {
  it.each(["diff", "patch", "gitDiff", "unified-diff", "DIFF"])(
    "keeps of a %s its hash, bytes and changed lines",
    (key) => {
      expect(reduce({ [key]: DIFF })).toEqual({
        [key]: { sha256: sha256Hex(DIFF), bytes: DIFF.length, lines_added: 2, lines_removed: 2 },
      });
    },
  );

  it.each(["content", "file_content", "old_string", "newString", "file_text"])(
    "keeps of a %s its hash, bytes and lines",
    (key) => {
      expect(reduce({ [key]: "grün\nrot\n" })).toEqual({
        [key]: { sha256: sha256Hex("grün\nrot\n"), bytes: 10, lines: 2 },
      });
    },
  );

  it("finds them at any depth, in lists, and where they are objects", () => {
    const structured = [{ oldStart: 1, lines: ["+a"] }];
    const reduced = reduce({
      input: { edits: [{ content: "a" }, { path: "b" }] },
      structuredPatch: structured,
    });
    expect(reduced).toEqual({
      input: { edits: [{ content: { sha256: sha256Hex("a"), bytes: 1, lines: 1 } }, { path: "b" }] },
      structuredPatch: expect.objectContaining({ sha256: sha256Hex(JSON.stringify(structured)) }),
    });
    expect(JSON.stringify(reduced)).not.toContain("oldStart");
  });

  it("reduces any text beyond the limit, counted in bytes", () => {
    const longest = "x".repeat(MAX_TEXT_BYTES);
    expect(reduce({ stdout: longest })).toEqual({ stdout: longest });
    expect(reduce({ stdout: `${longest}x` })).toEqual({
      stdout: expect.objectContaining({ bytes: MAX_TEXT_BYTES + 1 }),
    });
    const wide = "ü".repeat(MAX_TEXT_BYTES / 2 + 1);
    expect(reduce({ list: [wide] })).toEqual({
      list: [expect.objectContaining({ bytes: MAX_TEXT_BYTES + 2, lines: 1 })],
    });
  });

  it("leaves what is reduced already, and everything else, as the same object", () => {
    const metadata = {
      diff: { sha256: "0".repeat(64), bytes: 1, lines_added: 0, lines_removed: 1 },
      content: null,
      patch: 3,
      note: "x",
      sub: { a: [1, "b"] },
    };
    expect(reduce(metadata)).toBe(metadata);
    const once = reduce({ diff: DIFF });
    expect(reduce(once)).toBe(once);
  });

  it("takes no object for an artifact that carries more than one", () => {
    const smuggled = { sha256: "0".repeat(64), bytes: 1, text: "the whole file" };
    expect(JSON.stringify(reduce({ content: smuggled }))).not.toContain("the whole file");
    expect(
      JSON.stringify(reduce({ content: { sha256: "0".repeat(64), bytes: "the whole file" } })),
    ).not.toContain("whole");
    const named = { sha256: "0".repeat(64), bytes: 1, "the whole file": 1 };
    expect(JSON.stringify(reduce({ content: named }))).not.toContain("whole");
  });

  it("counts lines as an editor does", () => {
    const lines = (content: string) => (reduce({ content }).content as { lines: number }).lines;
    expect([lines(""), lines("a"), lines("a\n"), lines("a\nb"), lines("\n")]).toEqual([0, 1, 1, 2, 1]);
  });
});
