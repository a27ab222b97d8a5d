import { expect, it } from "vitest";
import { modelAddress } from "../../schema/wire/outward.ts";
import { modelAddresses, modelBindings } from "./model.ts";

const PLACE = { MODEL_URL: "http://localhost:11434/v1", MODEL_NAME: "llama3.2" };

it("passes on the language model that is set, and nothing else of the environment", () => {
  expect(modelBindings({ PATH: "/bin" })).toEqual({});
  expect(modelBindings({ ...PLACE, MODEL_KEY: " sk-1 ", MODEL_CALLS_PER_DAY: "0", PATH: "/bin" })).toEqual({
    ...PLACE,
    MODEL_KEY: "sk-1",
    MODEL_CALLS_PER_DAY: "0",
  });
});

it.each(["http://localhost:11434/v1", "https://API.acme.example:443/v1//", "https://acme.example"])(
  "lets through what the Worker asks of %s",
  (MODEL_URL) => {
    expect(modelAddresses({ MODEL_URL })).toEqual([modelAddress(new URL(MODEL_URL))]);
  },
);

it.each([
  [{ MODEL_URL: "http://localhost:11434/v1" }, /both/],
  [{ MODEL_NAME: "llama3.2" }, /both/],
  [{ ...PLACE, MODEL_URL: "localhost" }, /no address/],
  [{ ...PLACE, MODEL_CALLS_PER_DAY: "many" }, /no number/],
  [{ ...PLACE, MODEL_CALLS_PER_DAY: "-1" }, /no number/],
  [{ ...PLACE, MODEL_CALLS_PER_DAY_TOTAL: "1.5" }, /TOTAL=1.5 is no number/],
])("does not start with %j", (environment, words) => {
  expect(() => modelBindings(environment)).toThrow(words);
});
