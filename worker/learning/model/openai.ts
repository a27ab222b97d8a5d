/**
 * A model behind the chat completions of OpenAI's API, which most servers of models speak. One request, within a time
 * and a size; redirects are not followed, since nobody looked at where else it points. Of what is not a lesson nothing is kept.
 */
import * as z from "zod";
import { modelAddress } from "../../../schema/wire/outward.ts";
import { trouble, type LanguageModel, type Prompt, type Reply, type Usage } from "./contract.ts";
import { MAX_ANSWER_TOKENS, MAX_REPLY_BYTES, MODEL_TIMEOUT_MS } from "./limits.ts";
import { providerOf } from "./provider.ts";

export interface OpenAiOptions {
  /** Up to before `/chat/completions`, such as https://api.openai.com/v1; looked at before (account/receiver.ts). */
  base_url: URL;
  name: string;
  /** Null: none is sent. */
  key: string | null;
  timeout_ms?: number;
}

export function openAiModel({
  base_url,
  name,
  key,
  timeout_ms = MODEL_TIMEOUT_MS,
}: OpenAiOptions): LanguageModel {
  const url = modelAddress(base_url);
  return {
    name,
    provider: providerOf(base_url.hostname),
    async ask(prompt) {
      // Not AbortSignal.timeout: nobody can end its timer.
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), timeout_ms);
      let is_begun = false;
      try {
        const reply = await fetch(url, {
          method: "POST",
          headers: {
            ...{
              "content-type": "application/json",
              accept: "application/json",
              "user-agent": "clusterfork",
            },
            ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          },
          body: bodyOf(name, prompt),
          redirect: "manual",
          signal: late.signal,
        });
        is_begun = true;
        return await judge(reply);
      } catch {
        // Refused, unknown or cut: what exactly is the runtime's secret. An answer that had begun was worked for, and
        // is paid; asked again it would be paid twice.
        return late.signal.aborted ? trouble("timeout") : trouble("unreachable", { again: !is_begun });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function bodyOf(model: string, { system, user }: Prompt): string {
  return JSON.stringify({
    model,
    messages: [
      { role: "system", content: system },
      { role: "user", content: user },
    ],
    max_tokens: MAX_ANSWER_TOKENS,
    temperature: 0,
    stream: false,
  });
}

async function judge(reply: Response): Promise<Reply> {
  const { status } = reply;
  if (status !== 200) {
    await reply.body?.cancel();
    if (status === 429) return trouble("busy", { again: true });
    if (status >= 500) return trouble("failing", { again: true });
    return trouble(status >= 300 && status < 400 ? "redirect" : "refused_request");
  }
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(reply.headers.get("content-type") ?? "")) {
    await reply.body?.cancel();
    return trouble("content_type");
  }
  const text = await readText(reply);
  return text === null ? trouble("too_large") : answerOf(text);
}

/** Null: longer than anything that is asked for. Its length need not be told beforehand. */
async function readText(reply: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  const reader = reply.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  let text = "";
  let bytes = 0;
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > MAX_REPLY_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

const tokens = z.int().min(0).nullable().catch(null);
const completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z
    .object({ prompt_tokens: tokens.default(null), completion_tokens: tokens.default(null) })
    .nullish()
    .catch(null),
});

function answerOf(text: string): Reply {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return trouble("unreadable");
  }
  const parsed = completion.safeParse(value);
  if (!parsed.success) return trouble("unreadable");
  const { choices, usage: told } = parsed.data;
  const usage: Usage = {
    input_tokens: told?.prompt_tokens ?? null,
    output_tokens: told?.completion_tokens ?? null,
  };
  const [choice] = choices;
  const { content, refusal } = choice?.message ?? {};
  if ((refusal ?? "") !== "" || choice?.finish_reason === "content_filter")
    return trouble("refusal", { usage });
  if (choice?.finish_reason === "length") return trouble("truncated", { usage });
  return content === null || content === undefined || content === ""
    ? trouble("refusal", { usage })
    : { ok: true, text: content, usage };
}
