import { expect, it } from "vitest";
import { KNOWN_TYPES } from "../event/taxonomy.ts";
import { knownTypes } from "./known.ts";

it("[S4] the fold knows exactly the types of the taxonomy", () => {
  expect(knownTypes().sort()).toEqual([...KNOWN_TYPES].sort());
});
