import { expect, it } from "vitest";
import { against } from "./say.ts";

const reason =
  "Tasks succeeded less often with it: −30 to −10 points, from 160 tasks with it and 40 without.";
const doubt = { lesson_id: "slow-down", reason, tasks: 200, is_decided: false, is_one_keys: false };
const AT = { at: "2026-11-23T12:00:00.000Z" };

it("[T5] retires what harms where nobody decided about it, and asks a person where somebody did, or one key alone says so", () => {
  expect(against(doubt, AT)).toMatchObject({
    event_type: "lesson_retired",
    metadata: { lesson_id: "slow-down", rule: "effect", reason },
  });
  for (const [more, why] of [
    [{ is_decided: true }, "People decided about this lesson"],
    [{ is_one_keys: true }, "It is one key's tasks that say so"],
  ] as const) {
    const said = against({ ...doubt, ...more }, AT);
    expect(said).toMatchObject({ event_type: "escalated_to_user", metadata: { kind: "approval" } });
    expect(said.metadata?.["reason"]).toBe(
      `${reason} ${why}, so it stays until a person retires it: “slow-down”.`,
    );
  }
});
