import { afterEach, expect, it, vi } from "vitest";
import { agreesTo, askedAgain, modelInfo, modelPlace } from "./model-place.ts";

afterEach(() => vi.restoreAllMocks());

const NAMED = { MODEL_NAME: "small" };
const HOSTED = { ...NAMED, BASE_URL: "https://clusterfork.example" };

it.each([
  [
    { ...NAMED, MODEL_URL: "http://localhost:11434/v1" },
    { name: "small", host: "localhost:11434" },
  ],
  [
    { ...NAMED, MODEL_URL: "https://models.lan/v1" },
    { name: "small", host: "models.lan" },
  ],
  [
    { ...HOSTED, MODEL_URL: "https://api.openai.com/v1" },
    { name: "small", host: "api.openai.com" },
  ],
  [
    { MODEL_NAME: "@cf/meta/llama", AI: {} },
    { name: "@cf/meta/llama", host: "Cloudflare Workers AI" },
  ],
])("of %j is the model %j", (variables, model) => {
  expect(modelInfo(modelPlace(variables))).toEqual(model);
});

it.each([
  {},
  { MODEL_URL: "https://api.openai.com/v1" },
  { ...NAMED, AI: {} },
  { MODEL_NAME: "@cf/meta/llama" },
  { ...NAMED, MODEL_URL: "models" },
  { ...NAMED, MODEL_URL: "http://models.example/v1" },
  { ...NAMED, MODEL_URL: "https://name:password@models.example/v1" },
  { ...HOSTED, MODEL_URL: "http://localhost:11434/v1" },
  { ...HOSTED, MODEL_URL: "https://10.0.0.1/v1" },
  { ...HOSTED, MODEL_URL: "https://[::1]/v1" },
  { ...HOSTED, MODEL_URL: "https://models.internal/v1" },
])("of %j there is none", (variables) => {
  vi.spyOn(console, "error").mockReturnValue();
  expect(modelPlace(variables)).toBeNull();
});

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
