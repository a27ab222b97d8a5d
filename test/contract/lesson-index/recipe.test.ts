/** What a deployment is told to create in Vectorize is what its index filters by: a filter on anything else finds nothing. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openVectorizeIndex } from "../../../worker/learning/index/vectorize.ts";
import { nodeSql } from "../../retrieval/node-sql.ts";
import { FakeVectorize, INDEXED } from "./fake-vectorize.ts";
import { lesson } from "./suite.ts";
import { TopicEmbedder } from "./topic-embedder.ts";

const DIMENSIONS = 8;

async function semanticHits(indexed: readonly string[]): Promise<number> {
  const store = new FakeVectorize(DIMENSIONS, indexed);
  const index = openVectorizeIndex({ sql: nodeSql(), embedder: new TopicEmbedder(), store, team: "team" });
  await index.upsert([lesson("a", "a car with brakes")]);
  const filter = { project: "p1", category: ["pattern" as const], status: ["active"] };
  return (await index.search({ text: "vehicle", k: 5, filter })).hits.length;
}

test("each field that is filtered by needs its metadata index, and the recipe's are enough", async () => {
  expect(await semanticHits(INDEXED)).toBe(1);
  for (const missing of INDEXED) expect(await semanticHits(INDEXED.filter((one) => one !== missing))).toBe(0);
});

test.each(["README.md", "scripts/deploy.ts", "worker/learning/README.md"])(
  "%s says how to create them",
  (file) => {
    const text = readFileSync(file, "utf8");
    const [, names = ""] = /for name in ([a-z ]+); do/.exec(text) ?? [];
    expect(names.split(" ").toSorted()).toEqual(INDEXED.toSorted());
    expect(text).toContain("create-metadata-index clusterfork-lessons --property-name=$name --type=string");
  },
);
