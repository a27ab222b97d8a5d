import { expect, it } from "vitest";
import { agreementAfter, agreesTo, askedAgain } from "./model-agreement.ts";

it("counts a yes for the model and the host that it was said to", () => {
  const info = { name: "small", host: "localhost:11434" };
  const yes = { language_model: true, model_agreed: info };
  expect([agreesTo(yes, info), askedAgain(yes, info)]).toEqual([true, null]);
  const no = { language_model: false, model_agreed: null };
  expect([agreesTo(no, info), askedAgain(no, info)]).toEqual([false, null]);
  for (const other of [
    { ...info, name: "large" },
    { ...info, host: "api.openai.com" },
  ]) {
    expect(agreesTo(yes, other)).toBe(false);
    expect(askedAgain(yes, other)).toContain(
      `small on localhost:11434. It is ${other.name} on ${other.host} now`,
    );
  }
  // Said before anybody noted to which.
  const old = { language_model: true, model_agreed: null };
  expect([agreesTo(old, info), askedAgain(old, info)]).toEqual([
    false,
    expect.stringContaining("nobody noted"),
  ]);
});

const SMALL = { name: "small", host: "localhost:11434" };
const LARGE = { name: "large", host: "api.openai.com" };
const YES = { language_model: true, model_agreed: SMALL };
const NO = { language_model: false, model_agreed: null };
const on = { learning: { language_model: true } };
const off = { learning: { language_model: false } };

it.each([
  ["a yes to the model that there is", NO, { agree_to_model: SMALL }, SMALL, YES],
  ["a yes beside the switch", NO, { ...on, agree_to_model: SMALL }, SMALL, YES],
  ["a yes to the new model", YES, { agree_to_model: LARGE }, LARGE, { ...YES, model_agreed: LARGE }],
  ["a no", YES, off, SMALL, NO],
  ["a no where the model is gone", YES, off, null, NO],
  ["nothing", YES, { learning: { max_lessons: 4 } }, LARGE, YES],
  ["what is in force, written back", YES, on, SMALL, YES],
])("takes %s", (_what, said, change, info, after) => {
  // And nothing else of the settings, which it would set back.
  const whole = { ...said, max_lessons: 5 };
  expect(agreementAfter(whole, change, info)).toEqual({ ok: true, value: after });
});

it.each([
  ["a yes to the model of before", YES, { agree_to_model: SMALL }, LARGE, "conflict", "agree_to_model"],
  ["a yes that was read before the model changed", YES, on, LARGE, "conflict", "learning.language_model"],
  ["a yes that was read before it was taken back", NO, on, SMALL, "conflict", "learning.language_model"],
  ["a yes and a no at once", NO, { ...off, agree_to_model: SMALL }, SMALL, "invalid", "agree_to_model"],
  ["a yes to none", NO, { agree_to_model: SMALL }, null, "invalid", "agree_to_model"],
  ["the switch where there is none", NO, on, null, "invalid", "learning.language_model"],
])("refuses %s, and names the field", (_what, said, change, info, code, field) => {
  const after = agreementAfter(said, change, info);
  expect(after).toMatchObject({ ok: false, failure: { code, details: [{ field }] } });
});
