import { afterEach, expect, it, vi } from "vitest";
import { modelInfo, modelPlace } from "./model-place.ts";

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
