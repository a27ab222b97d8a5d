/** Which language model this installation has, as its operator's variables say it. The key is in no answer. */
import type { ModelInfo, StoredLearning } from "../../schema/wire/learning.ts";
import type { Env } from "../env.ts";
import { readAddress } from "./receiver.ts";

export type ModelPlace =
  { kind: "openai"; name: string; base_url: URL } | { kind: "workers-ai"; name: string };

type Variables = Pick<Env, "MODEL_URL" | "MODEL_NAME" | "BASE_URL"> & { AI?: unknown };

/** Names of Workers AI's own models. */
const CLOUDFLARE = "@cf/";

/** Null: it has none, or names an address that it may not call. */
export function modelPlace({ MODEL_URL, MODEL_NAME, BASE_URL, AI }: Variables): ModelPlace | null {
  const name = MODEL_NAME?.trim() ?? "";
  if (name === "") return null;
  if (MODEL_URL === undefined || MODEL_URL === "")
    return AI !== undefined && name.startsWith(CLOUDFLARE) ? { kind: "workers-ai", name } : null;
  const hosted = BASE_URL?.startsWith("https:") ?? false;
  const address = readAddress(MODEL_URL, hosted, "MODEL_URL");
  if (address.ok) return { kind: "openai", name, base_url: address.value };
  console.error(JSON.stringify({ event: "MODEL_URL is not used", reason: address.failure.message }));
  return null;
}

/** Where a project's evidence goes when it wants the model: a host, or Cloudflare. */
export function modelInfo(place: ModelPlace | null): ModelInfo | null {
  if (place === null) return null;
  return { name: place.name, host: place.kind === "openai" ? place.base_url.host : "Cloudflare Workers AI" };
}

type Said = Pick<StoredLearning, "language_model" | "model_agreed">;

/** Whether the project said yes to this one: whoever agreed that its texts go to one place said nothing of another. */
export function agreesTo({ language_model, model_agreed }: Said, { name, host }: ModelInfo): boolean {
  return language_model && model_agreed?.name === name && model_agreed.host === host;
}

/** Why a yes counts no more, in words; null: it does, or there is none. */
export function askedAgain(said: Said, info: ModelInfo): string | null {
  if (!said.language_model || agreesTo(said, info)) return null;
  const { model_agreed: before } = said;
  const was = before === null ? "a model that nobody noted" : `${before.name} on ${before.host}`;
  return `Yes was said to ${was}. It is ${info.name} on ${info.host} now: nothing is sent to it until yes is said again.`;
}
