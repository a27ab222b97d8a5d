/** Which language model this installation has, as its operator's variables say it. The key is in no answer. */
import type { ModelInfo } from "../../schema/wire/learning.ts";
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
