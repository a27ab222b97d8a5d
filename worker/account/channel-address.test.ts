import { expect, it } from "vitest";
import { readChannelAddress } from "./channel-address.ts";

const read = (text: string, MODEL_URL?: string) =>
  readChannelAddress(text, true, MODEL_URL === undefined ? {} : { MODEL_URL });

it.each([
  "https://models.acme.example/v1/chat/completions",
  "https://models.acme.example/v1/chat/completions?x#y",
  " https://MODELS.acme.example:443/v1/./chat/completions",
])("[P3] takes no channel to the installation's language model: %s", (text) => {
  expect(read(text, "https://models.acme.example/v1/")).toMatchObject({
    ok: false,
    failure: { details: [{ field: "target" }] },
  });
});

it("takes what else may be called", () => {
  const text = "https://models.acme.example/hook";
  for (const model of [undefined, "https://models.acme.example/v1", "nowhere"])
    expect(read(text, model)).toMatchObject({ ok: true, value: new URL(text) });
  expect(read("https://localhost/hook")).toMatchObject({ ok: false });
});
