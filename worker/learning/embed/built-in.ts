/**
 * The embedder that comes along. Its file is an asset of the service (build/v1/words.bin, which no route serves), read
 * when the first text is embedded: isolates that embed nothing do not carry it.
 */
import type { Embedder } from "../index/contract.ts";
import { StaticEmbedder } from "./static.ts";

/** Of words.bin, which says the same of itself. It changes with the file: lessons are then embedded anew. */
export const BUILT_IN = { version: "clusterfork-words@1", dimensions: 256 } as const;

/** Where the asset stands; the host is anybody's. */
export const WORDS_URL = "http://assets/v1/words.bin";

/** What is asked of the binding ASSETS. */
export interface Assets {
  fetch(address: string): Promise<Response>;
}

async function readFile(assets: Assets): Promise<ArrayBuffer> {
  const answer = await assets.fetch(WORDS_URL);
  if (!answer.ok)
    throw new Error(`the word vectors are missing (${answer.status}): npm run build puts them there`);
  return answer.arrayBuffer();
}

/** Loads at first use, and again at the next one where that failed. */
export function builtInEmbedder(assets: Assets): Embedder {
  let loading: Promise<StaticEmbedder> | null = null;
  async function load(): Promise<StaticEmbedder> {
    const embedder = StaticEmbedder.of(await readFile(assets));
    if (embedder.version !== BUILT_IN.version)
      throw new Error(`the word vectors are ${embedder.version}, not ${BUILT_IN.version}: build anew`);
    return embedder;
  }
  return {
    ...BUILT_IN,
    calibration: StaticEmbedder.calibration,
    async embed(texts) {
      loading ??= load();
      try {
        return await (await loading).embed(texts);
      } catch (cause) {
        loading = null;
        throw cause;
      }
    },
  };
}
