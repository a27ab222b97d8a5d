import { expect, it } from "vitest";
import { isSameScope, type Scope } from "./scope.ts";

it("is the same while it names the same work", () => {
  const scopes: (Scope | null)[] = [
    null,
    { kind: "all" },
    { kind: "loose" },
    { kind: "feature", id: "a" },
    { kind: "feature", id: "b" },
  ];
  for (const [at, a] of scopes.entries())
    for (const [other, b] of scopes.entries())
      expect(isSameScope(a, b === null ? null : { ...b })).toBe(at === other);
});
