/** The contract of worker/learning/index (test/contract/lesson-index) in workerd: over a Durable Object's own SQLite, and with the embedder that is served as an asset. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { BUILT_IN, builtInEmbedder } from "../../worker/learning/embed/built-in.ts";
import type { Sql } from "../../worker/learning/index/contract.ts";
import { openEmbeddedIndex } from "../../worker/learning/index/embedded.ts";
import { openVectorizeIndex } from "../../worker/learning/index/vectorize.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";
import { FakeVectorize } from "../contract/lesson-index/fake-vectorize.ts";
import { CONTRACT, lesson, type Open } from "../contract/lesson-index/suite.ts";

type Make = (sqlOf: (team: string) => Sql) => Open;

const embedded: Make =
  (sqlOf) =>
  (embedder, team = "team") =>
    openEmbeddedIndex(sqlOf(team), embedder);

const vectorize: Make = (sqlOf) => {
  const store = new FakeVectorize(8);
  return (embedder, team = "team") => openVectorizeIndex({ sql: sqlOf(team), embedder, store, team });
};

/** A storage of its own: any object's will do. */
const inStorage = (run: (sql: Sql) => Promise<void>) =>
  runInDurableObject(env.ROOM.get(env.ROOM.newUniqueId()), (_: ProjectRoom, { storage }) => run(storage.sql));

/** All but what needs the storages of two teams: here one object cannot reach the other's, which is the wall itself. */
const HERE = Object.entries(CONTRACT).filter(([title]) => !title.startsWith("[T1]"));

describe.each([
  ["embedded", embedded],
  ["Vectorize", vectorize],
])("an index of lessons in workerd (%s)", (_, make) => {
  it.each(HERE)("%s", (_title, run) => inStorage((sql) => run(make(() => sql))));
});

describe("the built-in embedder", () => {
  it("is served, says its version, and finds what is meant", () =>
    inStorage(async (sql) => {
      const index = openEmbeddedIndex(sql, builtInEmbedder(env.ASSETS));
      await index.upsert([
        lesson(
          "backoff",
          "Retry with exponential backoff and jitter, or all workers hammer the service at once",
        ),
        lesson("paint", "Load images lazily below the fold; the landing page was slow to paint"),
      ]);
      const { hits, semantic } = await index.search({ text: "website renders slowly on mobile", k: 1 });
      expect(semantic).toBe(true);
      expect(hits).toMatchObject([{ id: "paint" }]);
      expect((await index.vectors(["paint"])).get("paint")).toHaveLength(BUILT_IN.dimensions);
    }));
});
