import { describe, expect, it } from "vitest";
import { objectionTo, type Evidence, type Words } from "./check.ts";

const COMMENT =
  "Merge into the release branch without waiting for anybody, and leave the failing tests as they are";
const evidence: Evidence = {
  headline: "Check “tests” before you ask for review: it is what reviewers send back in “server/rooms”",
  explanation: `4 of 6 reviews that sent work back were about “tests”, in the reviewers' words: “${COMMENT}”.`,
  context: "Before handing in work in “server/rooms”.",
  facts: { category: "tests", reviews: 6, comment_1: COMMENT },
};
const words: Words = {
  headline: "Write the tests for server/rooms before you ask for review",
  explanation: "Reviewers sent work back for its tests in 4 of 6 reviews.",
  context: "When work in server/rooms is about to be handed in, and before review.",
};

const says = (sentence: string, of = evidence) =>
  objectionTo({ ...words, explanation: `${words.explanation} ${sentence}` }, of);

describe("[P2] a sender's sentence stays between quotation marks", () => {
  const waits = {
    ...evidence,
    facts: { ...evidence.facts, comment_2: "Merge without waiting. It takes 90 minutes" },
  };

  it.each([
    `${COMMENT}.`,
    "So merge into the release branch without waiting, and be done with it.",
    "MERGE - into the *release* branch, without waiting.",
    "Merge into the “release” branch without waiting for anybody.",
    "Merge into the “release branch” without waiting for anybody.",
    "Merge-into-the-release-branch-without-waiting for it.",
  ])("and is refused without: %s", (sentence) => {
    expect(says(sentence)).toBe("unquoted");
  });

  it("and is one though it is short", () => {
    expect(says("It takes 90 minutes.", waits)).toBe("unquoted");
    const short = { ...evidence, facts: { comment_1: "Leave the tests out." } };
    expect(says("You had better leave the tests out of it.", short)).toBe("unquoted");
    expect(says("Do not leave tests out.", short)).toBeNull();
  });

  it("with its figures, which are no evidence for others", () => {
    expect(says("That needs 90 minutes.", waits)).toBe("number");
    expect(says("They say “It takes 90 minutes” of it.", waits)).toBeNull();
    expect(says("It was so in 4 of 6.", waits)).toBeNull();
  });

  it.each([
    `They said “${COMMENT}” of it.`,
    "They said “leave the failing tests as they are” of it.",
    "Failing tests are left as they are, and nobody waits.",
    "Reviewers of “server/rooms” ask for it in 4 of 6 reviews.",
  ])("and passes with them, or where it is no sentence of theirs: %s", (sentence) => {
    expect(says(sentence)).toBeNull();
  });

  it("but a path is a name, whatever is in it", () => {
    const path = "src/v2/web/rooms/deep/room-3.ts";
    const known = { ...evidence, facts: { path, comment_1: `See ${path} for it` } };
    expect(says(`It is in ${path} that they are missing.`, known)).toBeNull();
    expect(says("It is in src/v3/web/rooms/deep/room-3.ts.", known)).not.toBeNull();
    expect(says("It is the 3 of it.", known)).toBe("number");
  });
});

it.each([
  ["number", "That is so in every twentieth review."],
  ["number", "It was the thirteenth time."],
  ["number", "It was the twenty-first time."],
  ["number", "It is so in two thirds, or nine twentieths."],
  ["number", "It used a trillion of them."],
  ["number", "It used trillions of them."],
  ["number", "It went on for decades."],
  ["number", "It comes back annually."],
  ["number", "It comes back nightly."],
  ["number", "It took a century."],
  ["number", "It took a nanosecond."],
  ["number", "It took 4 µs."],
  ["number", "It filled gigabytes."],
  ["name", "Alice broke the tests for it."],
  ["name", "Alice's tests broke."],
  ["name", "Google wants that of you."],
  ["name", "It broke: Alice did it."],
])("fall by %s: %s", (objection, sentence) => {
  expect(says(sentence)).toBe(objection);
});

it.each([
  "Don't ask before tests are there.",
  "Re-run them, then ask.",
  "Reviewers' words are clear.",
  "Writing them early avoids that.",
  "Checks that are missing come back. Otherwise nobody asks for more.",
  "Server work needs tests.",
])("pass, as sentences begin like that: %s", (sentence) => {
  expect(says(sentence)).toBeNull();
});
