/** A model of Cloudflare's Workers AI, where the service is bound to it. */
import * as z from "zod";
import { LateError, within } from "../query/within.ts";
import { trouble, type LanguageModel } from "./contract.ts";
import { MAX_ANSWER_TOKENS, MAX_REPLY_BYTES, MODEL_TIMEOUT_MS } from "./limits.ts";

/** What is asked of the binding AI. */
export interface ChatModel {
  run(
    model: string,
    input: { messages: { role: string; content: string }[]; max_tokens: number; temperature: number },
  ): Promise<unknown>;
}

const tokens = z.int().min(0).nullable().catch(null);
/** Models that answer in JSON give it as an object. */
const answer = z.object({
  response: z.union([z.string(), z.record(z.string(), z.unknown())]),
  usage: z
    .object({ prompt_tokens: tokens.default(null), completion_tokens: tokens.default(null) })
    .nullish()
    .catch(null),
});

export function workersAiModel(ai: ChatModel, name: string, timeout_ms = MODEL_TIMEOUT_MS): LanguageModel {
  return {
    name,
    provider: "cloudflare",
    async ask({ system, user }) {
      const messages = [
        { role: "system", content: system },
        { role: "user", content: user },
      ];
      let given: unknown;
      try {
        const asked = ai.run(name, { messages, max_tokens: MAX_ANSWER_TOKENS, temperature: 0 });
        given = await within(asked, timeout_ms, "Workers AI");
      } catch (error) {
        if (error instanceof LateError) return trouble("timeout");
        // The binding says in words what went wrong, which are not a contract.
        return trouble("failing", { again: true });
      }
      const parsed = answer.safeParse(given);
      if (!parsed.success) return trouble("unreadable");
      const { response, usage: told } = parsed.data;
      const usage = {
        input_tokens: told?.prompt_tokens ?? null,
        output_tokens: told?.completion_tokens ?? null,
      };
      const text = typeof response === "string" ? response : JSON.stringify(response);
      if (text.length > MAX_REPLY_BYTES) return trouble("too_large", { usage });
      return text === "" ? trouble("refusal", { usage }) : { ok: true, text, usage };
    },
  };
}
