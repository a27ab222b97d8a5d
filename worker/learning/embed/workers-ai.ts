/** The embedder of Cloudflare's Workers AI, where the service is bound to it. */
import type { Embedder } from "../index/contract.ts";
import { within } from "../query/within.ts";
import { atUnitLength } from "./static.ts";

const MODEL = "@cf/baai/bge-base-en-v1.5";
/** The model reads 512 tokens; what follows costs and is cut there. */
const MAX_CHARS = 2_000;
/** The model takes at most so many texts at once. */
const MAX_TEXTS = 100;
/** A search is waited for by somebody. */
const TIMEOUT_MS = 3_000;

/** What is asked of the binding AI. */
export interface TextModel {
  run(model: typeof MODEL, input: { text: string[] }): Promise<unknown>;
}

/** Its answer, if it is one: unit vectors in the order of the texts. */
function vectorsOf(answer: unknown, dimensions: number): Float32Array[] {
  const data: unknown =
    typeof answer === "object" && answer !== null && "data" in answer ? answer.data : null;
  if (!Array.isArray(data)) throw new Error("Workers AI answered without vectors");
  return data.map((one: unknown) => {
    const vector = Array.isArray(one) ? atUnitLength(Float32Array.from(one.map(Number))) : null;
    if (vector?.length !== dimensions)
      throw new Error(`Workers AI answered with a vector that has not ${dimensions} numbers`);
    return vector;
  });
}

export function workersAiEmbedder(ai: TextModel, timeout_ms = TIMEOUT_MS): Embedder {
  const dimensions = 768;
  return {
    version: "workers-ai-bge-base-en@1.5",
    dimensions,
    // Unrelated texts have cosines of about a half with this model, by its authors' word.
    calibration: { floor: 0.5, highest: 0.8, lowest: 0.4 },
    async embed(texts) {
      const made: (Float32Array | null)[] = texts.map(() => null);
      const said = texts.flatMap((text, n) => (text.trim() === "" ? [] : [n]));
      for (let from = 0; from < said.length; from += MAX_TEXTS) {
        const some = said.slice(from, from + MAX_TEXTS);
        const text = some.map((n) => (texts[n] ?? "").slice(0, MAX_CHARS));
        const vectors = vectorsOf(
          await within(ai.run(MODEL, { text }), timeout_ms, "Workers AI"),
          dimensions,
        );
        some.forEach((n, i) => (made[n] = vectors[i] ?? null));
      }
      return made;
    },
  };
}
