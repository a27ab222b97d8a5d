import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";

it("answers /healthz with its version", async () => {
  const reply = await exports.default.fetch("http://clusterfork.test/healthz");
  expect(reply.status).toBe(200);
  expect(await reply.json()).toMatchObject({
    status: "ok",
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});
