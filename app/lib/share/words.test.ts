import { expect, it } from "vitest";
import { redactionSentence, untilText, viewNames } from "./words.ts";

it("says what is redacted, in the order of the table", () => {
  expect(redactionSentence([])).toBe("Nothing is redacted.");
  expect(redactionSentence(["text"])).toBe("Texts are redacted.");
  expect(redactionSentence(["cost"])).toBe("Costs and tokens are redacted.");
  expect(redactionSentence(["text", "cost"])).toBe("Costs, tokens and texts are redacted.");
});

it("says which views there are, and until when", () => {
  expect(viewNames(["history", "flow"])).toBe("Task Flow, The past");
  expect(untilText("2026-02-27T18:00:00Z")).toMatch(/^2[678] Feb, \d\d:\d\d$/);
});
