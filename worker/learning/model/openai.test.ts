/** A model over the real wire: a server that speaks the protocol, and everything else that may answer in its place. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LanguageModel } from "./contract.ts";
import { MAX_REPLY_BYTES } from "./limits.ts";
import { openAiModel } from "./openai.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;
let answer: Answer;
let asked: { path: string; headers: IncomingMessage["headers"]; body: unknown }[] = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part: Buffer) => (body += part.toString()));
  request.on("end", () => {
    asked.push({ path: request.url ?? "", headers: request.headers, body: JSON.parse(body) });
    answer(request, response, body);
  });
});
let origin = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  asked = [];
});

const model = (options: { timeout_ms?: number; key?: string | null; base_url?: URL } = {}): LanguageModel =>
  openAiModel({ base_url: new URL(`${origin}/v1/`), name: "small-model", key: "sk-secret", ...options });
const ask = (one: LanguageModel = model()) => one.ask({ system: "Reword.", user: "{}" });
const says =
  (status: number, body: string, type = "application/json", headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, { "content-type": type, connection: "close", ...headers }).end(body);
const completion = (
  message: object,
  finish_reason = "stop",
  usage: unknown = { prompt_tokens: 321, completion_tokens: 45 },
) => says(200, JSON.stringify({ id: "chatcmpl-1", choices: [{ index: 0, finish_reason, message }], usage }));
const usage = { input_tokens: 321, output_tokens: 45 };

describe("a model that answers", () => {
  it("is asked once, with its key, and says what it used", async () => {
    answer = completion({ role: "assistant", content: '{"headline":"x"}', refusal: null });
    expect(await ask()).toEqual({ ok: true, text: '{"headline":"x"}', usage });
    expect(asked).toMatchObject([
      {
        path: "/v1/chat/completions",
        headers: { authorization: "Bearer sk-secret", "content-type": "application/json" },
        body: {
          ...{ model: "small-model", stream: false, temperature: 0, max_tokens: 800 },
          messages: [
            { role: "system", content: "Reword." },
            { role: "user", content: "{}" },
          ],
        },
      },
    ]);
  });

  it("is sent no key where there is none, and need not say what it used", async () => {
    answer = completion({ content: "{}" }, "stop", null);
    const reply = await ask(model({ key: null }));
    expect(reply).toEqual({ ok: true, text: "{}", usage: { input_tokens: null, output_tokens: null } });
    expect(asked[0]?.headers).not.toHaveProperty("authorization");
  });

  it.each([
    ["refusal", { content: null, refusal: "I cannot help with that." }, "stop"],
    ["refusal", { content: "" }, "stop"],
    ["refusal", { content: "{}" }, "content_filter"],
    ["truncated", { content: '{"headline":"Wri' }, "length"],
  ])("but says no lesson (%s) is paid all the same", async (trouble, message, finish) => {
    answer = completion(message, finish);
    expect(await ask()).toEqual({ ok: false, trouble, again: false, usage });
  });
});

it("[P3] is named in logs by its vendor where that is known to all, and its host is told to nobody", () => {
  const providerAt = (url: string) => model({ base_url: new URL(url) }).provider;
  expect(providerAt("https://api.openai.com/v1")).toBe("openai");
  expect(providerAt("https://openai.models.acme.example/v1")).toBe("language-model");
});

describe("what is no answer", () => {
  it.each<[string, boolean, Answer]>([
    ["unreadable", false, says(200, "{")],
    ["unreadable", false, says(200, '{"choices":[]}')],
    ["unreadable", false, says(200, '{"choices":[{"message":{"content":7}}]}')],
    ["unreadable", false, says(200, "null")],
    ["content_type", false, says(200, "<html>sign in</html>", "text/html")],
    ["content_type", false, says(200, "data: {}", "text/event-stream")],
    ["too_large", false, says(200, " ".repeat(MAX_REPLY_BYTES + 1))],
    ["busy", true, says(429, "{}", "application/json", { "retry-after": "3600" })],
    ["failing", true, says(500, "{}")],
    ["failing", true, says(503, "")],
    ["refused_request", false, says(401, '{"error":{"message":"bad key"}}')],
    ["refused_request", false, says(404, "")],
  ])("is %s (again: %s), and costs nothing that anybody knows", async (trouble, again, given) => {
    answer = given;
    expect(await ask()).toEqual({ ok: false, trouble, again, usage: null });
    expect(asked).toHaveLength(1);
  });

  it.each([301, 302, 307, 308])(
    "is a redirect (%s): where it points is not asked, and hears no key",
    async (status) => {
      answer = (request, response, body) =>
        request.url === "/v1/chat/completions"
          ? says(status, "", "application/json", { location: `${origin}/inside` })(request, response, body)
          : completion({ content: "{}" })(request, response, body);
      expect(await ask()).toEqual({ ok: false, trouble: "redirect", again: false, usage: null });
      expect(asked).toHaveLength(1);
    },
  );

  it("is one that does not end in time, before its head or within its body", async () => {
    const quick = model({ timeout_ms: 100 });
    answer = (_, response) => void setTimeout(() => response.destroy(), 5_000).unref();
    expect(await ask(quick)).toMatchObject({ ok: false, trouble: "timeout", again: false });
    answer = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).write('{"choices":');
      setTimeout(() => response.destroy(), 5_000).unref();
    };
    expect(await ask(quick)).toMatchObject({ ok: false, trouble: "timeout" });
  });

  it("is one that is cut off, and one that does not end at all is read no further than its bound", async () => {
    answer = (_, response) => {
      response
        .writeHead(200, { "content-type": "application/json", "content-length": "900" })
        .write('{"choices":');
      setTimeout(() => response.destroy(), 20);
    };
    // It had begun to answer, and is paid for that: asked again it is paid twice.
    expect(await ask()).toMatchObject({ ok: false, trouble: "unreachable", again: false });
    let is_stopped: (stopped: boolean) => void;
    const stopped = new Promise<boolean>((resolve) => (is_stopped = resolve));
    answer = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = (): void => {
        if (response.writable) response.write(" ".repeat(16_384), () => setImmediate(more));
      };
      response.on("close", () => is_stopped(true));
      more();
    };
    expect(await ask()).toMatchObject({ ok: false, trouble: "too_large", again: false });
    expect(await stopped).toBe(true);
  });

  it("is one where nobody listens", async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const nobody = model({ base_url: new URL(`http://127.0.0.1:${String(port)}/v1`) });
    expect(await ask(nobody)).toEqual({ ok: false, trouble: "unreachable", again: true, usage: null });
  });
});
