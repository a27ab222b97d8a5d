/** The contract of worker/learning/index over both implementations, in Node's SQLite. */
import { describe, expect, test } from "vitest";
import type { Sql } from "../../../worker/learning/index/contract.ts";
import { openEmbeddedIndex } from "../../../worker/learning/index/embedded.ts";
import { openVectorizeIndex } from "../../../worker/learning/index/vectorize.ts";
import { nodeSql } from "../../retrieval/node-sql.ts";
import { FakeVectorize } from "./fake-vectorize.ts";
import { CONTRACT, lesson, type Open } from "./suite.ts";
import { TopicEmbedder } from "./topic-embedder.ts";

const DIMENSIONS = 8;

/** One storage per team, which outlives the index. */
function storages(): (team: string) => Sql {
  const kept = new Map<string, Sql>();
  return (team) => {
    const sql = kept.get(team) ?? nodeSql();
    kept.set(team, sql);
    return sql;
  };
}

function embedded(): Open {
  const sqlOf = storages();
  return (embedder, team = "team") => openEmbeddedIndex(sqlOf(team), embedder);
}

function vectorize(store = new FakeVectorize(DIMENSIONS)): Open {
  const sqlOf = storages();
  return (embedder, team = "team") =>
    openVectorizeIndex({ sql: sqlOf(team), embedder, store, team, timeout_ms: 200 });
}

describe.each([
  ["embedded", embedded],
  ["Vectorize", vectorize],
])("an index of lessons (%s)", (_, make) => {
  test.each(Object.entries(CONTRACT))("%s", (_title, run) => run(make()));
});

describe("an index on Vectorize", () => {
  test("finds by words what Vectorize does not show yet, and by meaning once it does", async () => {
    const store = new FakeVectorize(DIMENSIONS);
    store.is_prompt = false;
    const index = vectorize(store)(new TopicEmbedder());
    await index.upsert([lesson("a", "a car with brakes")]);
    expect((await index.search({ text: "brake", k: 5 })).hits).toMatchObject([{ id: "a", cosine: null }]);
    expect((await index.search({ text: "vehicle", k: 5 })).hits).toEqual([]);
    store.settle();
    expect((await index.search({ text: "vehicle", k: 5 })).hits).toMatchObject([{ id: "a", lexical: 0 }]);
  });

  test("[B1] searches words while Vectorize is down or silent; what it missed is sent by reindex", async () => {
    const store = new FakeVectorize(DIMENSIONS);
    const embedder = new TopicEmbedder();
    const index = vectorize(store)(embedder);
    await index.upsert([lesson("old", "a song")]);
    store.is_down = true;
    await index.upsert([lesson("a", "a car with brakes")]);
    await index.remove(["old"]);
    expect(await index.search({ text: "brake vehicle", k: 5 })).toMatchObject({
      semantic: false,
      hits: [{ id: "a" }],
    });
    expect(await index.vectors(["a"])).toEqual(new Map());
    expect(await index.reindex(10)).toBe(1);
    store.is_down = false;
    expect(await index.reindex(10)).toBe(0);
    expect(store.size).toBe(1);
    expect((await index.search({ text: "vehicle", k: 5 })).hits).toMatchObject([{ id: "a" }]);

    store.query = () => new Promise(() => undefined);
    expect(await index.search({ text: "brake vehicle", k: 5 })).toMatchObject({
      semantic: false,
      hits: [{ id: "a" }],
    });
  });

  test("does not let a hundred lessons of another project hide the one that is asked for", async () => {
    const index = vectorize()(new TopicEmbedder());
    await index.upsert(Array.from({ length: 300 }, (_, n) => lesson(`other${n}`, "car", { project: "p2" })));
    await index.upsert([lesson("mine", "a car and a song and a cake")]);
    const { hits } = await index.search({ text: "vehicle", k: 5, filter: { project: "p1" } });
    expect(hits).toMatchObject([{ id: "mine", lexical: 0 }]);
  });
});
