import { expect, it } from "vitest";
import { limitBindings } from "./limits.ts";

it("passes on the limits that are set, and nothing else of the environment", () => {
  expect(limitBindings({ MAX_EVENTS_PER_SECOND_PER_PROJECT: "50", PATH: "/bin" })).toEqual({
    MAX_EVENTS_PER_SECOND_PER_PROJECT: "50",
  });
  expect(limitBindings({ MAX_REQUESTS_PER_SECOND_PER_KEY: "" })).toEqual({});
});

it.each(["many", "0", "-1", "Infinity"])("does not start with %s for a limit", (value) => {
  expect(() => limitBindings({ MAX_REQUESTS_PER_SECOND_PER_KEY: value })).toThrow(
    /MAX_REQUESTS_PER_SECOND_PER_KEY/,
  );
});
