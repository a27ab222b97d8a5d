/**
 * Vectorize as its documentation has it: namespaces, metadata filters on what has a metadata index, limits that refuse,
 * and writes that show only after a while (`settle`).
 */
import type { VectorStore } from "../../../worker/learning/index/vectorize.ts";

type Query = Parameters<VectorStore["query"]>;

function refuse(is_wrong: boolean, why: string): void {
  if (is_wrong) throw new Error(`VECTOR_QUERY_ERROR: ${why}`);
}

const bytes = (text: string) => new TextEncoder().encode(text).length;

function matches(
  filter: VectorizeVectorMetadataFilter,
  metadata: VectorizeVector["metadata"],
  indexed: readonly string[],
): boolean {
  return Object.entries(filter).every(([field, condition]) => {
    const allowed =
      typeof condition === "object" && condition !== null
        ? (condition as { $in?: unknown }).$in
        : [condition];
    refuse(!Array.isArray(allowed) || allowed.length === 0, `the condition on ${field} is malformed`);
    return indexed.includes(field) && (allowed as unknown[]).includes(metadata?.[field]);
  });
}

/** The fields that the recipe of a deployment gives a metadata index (README.md; recipe.test.ts holds it to this). */
export const INDEXED = ["embedder", "reach", "category", "status"];

export class FakeVectorize implements VectorStore {
  readonly #dimensions: number;
  readonly #indexed: readonly string[];
  readonly #shown = new Map<string, VectorizeVector>();
  #pending: (() => void)[] = [];
  /** Writes show at once, as they would after some seconds. */
  is_prompt = true;
  is_down = false;

  constructor(dimensions: number, indexed: readonly string[] = INDEXED) {
    this.#dimensions = dimensions;
    this.#indexed = indexed;
  }

  get size(): number {
    return this.#shown.size;
  }

  settle(): void {
    for (const change of this.#pending.splice(0)) change();
  }

  #write(change: () => void): VectorizeAsyncMutation {
    this.#pending.push(change);
    if (this.is_prompt) this.settle();
    return { mutationId: "00000000-0000-0000-0000-000000000000" };
  }

  #check(): void {
    if (this.is_down) throw new Error("VECTORIZE_ERROR: internal");
  }

  async query(vector: Query[0], options: Query[1] = {}): Promise<VectorizeMatches> {
    this.#check();
    const { topK = 5, namespace, filter = {}, returnValues, returnMetadata = "none" } = options;
    const is_bare = !returnValues && (returnMetadata === "none" || returnMetadata === false);
    refuse(vector.length !== this.#dimensions, "dimension mismatch");
    refuse(topK < 1 || topK > (is_bare ? 100 : 20), `topK must not be ${topK}`);
    refuse(JSON.stringify(filter).length > 2_048, "the filter is too long");
    const found = [...this.#shown.values()]
      .filter((one) => one.namespace === namespace && matches(filter, one.metadata, this.#indexed))
      .map(({ id, values }) => ({
        id,
        score: [...values].reduce((sum, value, i) => sum + value * (vector[i] ?? 0), 0),
      }))
      .sort((a, b) => b.score - a.score)
      .slice(0, topK);
    return { matches: found, count: found.length };
  }

  async upsert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
    this.#check();
    refuse(vectors.length > 1_000, "more than 1,000 vectors");
    for (const { id, values, namespace = "" } of vectors) {
      refuse(bytes(id) > 64, "the id is longer than 64 bytes");
      refuse(bytes(namespace) > 64, "the namespace is longer than 64 bytes");
      refuse(values.length !== this.#dimensions, "dimension mismatch");
    }
    return this.#write(() => vectors.forEach((one) => this.#shown.set(one.id, one)));
  }

  async deleteByIds(ids: string[]): Promise<VectorizeAsyncMutation> {
    this.#check();
    return this.#write(() => ids.forEach((id) => this.#shown.delete(id)));
  }

  async getByIds(ids: string[]): Promise<VectorizeVector[]> {
    this.#check();
    refuse(ids.length > 20, "more than 20 ids");
    return ids.flatMap((id) => this.#shown.get(id) ?? []);
  }
}
