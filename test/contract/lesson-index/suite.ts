/** What every index of lessons must do. Run over each implementation in Node, and in workerd over a Durable Object's own SQLite. */
import { expect } from "vitest";
import type {
  Embedder,
  IndexedLesson,
  IndexHit,
  LessonIndex,
} from "../../../worker/learning/index/contract.ts";
import { TopicEmbedder } from "./topic-embedder.ts";

/** Opens a team's index, over the same storage each time it is called for the same team. */
export type Open = (embedder: Embedder, team?: string) => LessonIndex;

export const lesson = (id: string, text: string, more: Partial<IndexedLesson> = {}): IndexedLesson => ({
  id,
  text,
  project: "p1",
  scope: "project",
  category: "pattern",
  tags: [],
  status: "active",
  ...more,
});

const ids = (hits: readonly IndexHit[]) => hits.map(({ id }) => id);

async function three(open: Open) {
  const embedder = new TopicEmbedder();
  const index = open(embedder);
  await index.upsert([
    lesson("cars", "Cars have accidents when retryQueue is full"),
    lesson("cakes", "A cake needs an oven", { project: "p2", category: "pitfall", tags: ["food", "heat"] }),
    lesson("songs", "Sing a song each morning", {
      project: "p2",
      scope: "team",
      status: "proposed",
      tags: ["fun"],
    }),
  ]);
  return { embedder, index };
}

export const CONTRACT: Record<string, (open: Open) => Promise<void>> = {
  async "finds by a word in another form, by the parts of an identifier, and says what it met"(open) {
    const { index } = await three(open);
    const { hits, semantic } = await index.search({ text: "retrying a queue", k: 5 });
    expect(semantic).toBe(true);
    expect(hits[0]).toMatchObject({ id: "cars", terms: ["retry", "queue"] });
    expect(hits[0]?.lexical).toBeGreaterThan(0);
  },

  async "finds by meaning where no word is shared"(open) {
    const { index } = await three(open);
    const { hits, alpha } = await index.search({ text: "automobile collision", k: 5 });
    expect(hits[0]).toMatchObject({ id: "cars", lexical: 0, terms: [] });
    expect(hits[0]?.cosine).toBeGreaterThan(0.9);
    expect(alpha).toBe(0.6);
    expect((await index.search({ text: "automobile collision", k: 5, by: "words" })).hits).toEqual([]);
  },

  async "answers at most k, the most relevant first, each share within its bounds"(open) {
    const index = open(new TopicEmbedder());
    await index.upsert(
      Array.from({ length: 150 }, (_, n) => lesson(`l${n}`, `car ${"song ".repeat(n % 7)} number${n}`)),
    );
    for (const k of [1, 7, 100]) {
      const { hits } = await index.search({ text: "car accident number7", k });
      expect(hits).toHaveLength(k);
      expect(hits.map(({ relevance }) => relevance)).toEqual(
        hits.map(({ relevance }) => relevance).toSorted((a, b) => b - a),
      );
      for (const { relevance, cosine, lexical } of hits) {
        expect(relevance).toBeGreaterThan(0);
        expect(relevance).toBeLessThanOrEqual(1);
        expect(lexical).toBeGreaterThanOrEqual(0);
        expect(lexical).toBeLessThanOrEqual(1);
        expect(Math.abs(cosine ?? 0)).toBeLessThanOrEqual(1);
      }
      expect(hits[0]?.id).toBe("l7");
    }
    expect((await index.search({ text: "car", k: 1_000_000 })).hits).toHaveLength(100);
  },

  async "filters by project and team, category, tag and status, and by all together"(open) {
    const { index } = await three(open);
    const found = async (filter: object) =>
      ids((await index.search({ text: "car cake song oven", k: 9, filter })).hits).toSorted();
    expect(await found({})).toEqual(["cakes", "cars", "songs"]);
    expect(await found({ project: "p1" })).toEqual(["cars", "songs"]);
    expect(await found({ project: "p3" })).toEqual(["songs"]);
    expect(await found({ category: ["pitfall", "architecture"] })).toEqual(["cakes"]);
    expect(await found({ tags: ["heat", "fun"] })).toEqual(["cakes", "songs"]);
    expect(await found({ status: ["active"] })).toEqual(["cakes", "cars"]);
    expect(await found({ project: "p2", status: ["proposed"], tags: ["fun"] })).toEqual(["songs"]);
    expect(await found({ status: [] })).toEqual([]);
    expect(await found({ category: [] })).toEqual([]);
  },

  async "[B2] keeps a lesson once, with what was said last"(open) {
    const { embedder, index } = await three(open);
    const asked = embedder.asked;
    await index.upsert([lesson("cars", "Cars have accidents when retryQueue is full")]);
    expect(embedder.asked).toBe(asked);
    await index.upsert([lesson("cars", "A dessert of quince"), lesson("cars", "A dessert of plums")]);
    expect(ids((await index.search({ text: "retry automobile", k: 5 })).hits)).toEqual([]);
    const { hits } = await index.search({ text: "plum", k: 5 });
    expect(ids(hits)).toEqual(["cars"]);
    expect(ids((await index.search({ text: "quince", k: 5 })).hits)).toEqual([]);
    expect((await index.search({ text: "pastry", k: 5 })).hits.map(({ id }) => id).toSorted()).toEqual([
      "cakes",
      "cars",
    ]);
  },

  async "hears of a change of status or scope alone"(open) {
    const { index } = await three(open);
    await index.upsert([
      lesson("cars", "Cars have accidents when retryQueue is full", { status: "retired" }),
    ]);
    const search = (status: string, text: string) =>
      index.search({ text, k: 5, filter: { status: [status] } });
    expect(ids((await search("active", "vehicle")).hits)).toEqual([]);
    expect((await search("retired", "vehicle")).hits).toMatchObject([{ id: "cars", lexical: 0 }]);
  },

  async "forgets what is removed, and minds no unknown id"(open) {
    const { index } = await three(open);
    await index.remove(["cars", "nobody"]);
    await index.remove(["cars"]);
    expect((await index.search({ text: "car accident retry queue", k: 5 })).hits).toEqual([]);
    expect((await index.vectors(["cars"])).size).toBe(0);
    await index.upsert([lesson("cars", "A car again")]);
    expect((await index.search({ text: "vehicle", k: 5 })).hits).toMatchObject([{ id: "cars", lexical: 0 }]);
  },

  async "[T1] shows nothing of another team, not even under one id"(open) {
    const embedder = new TopicEmbedder();
    const ours = open(embedder, "ours");
    const theirs = open(embedder, "theirs");
    await ours.upsert([lesson("same", "A car of ours", { scope: "team" })]);
    await theirs.upsert([lesson("same", "A cake of theirs", { scope: "team" })]);
    expect((await ours.search({ text: "cake pastry theirs", k: 9 })).hits).toEqual([]);
    expect(ids((await theirs.search({ text: "pastry", k: 9 })).hits)).toEqual(["same"]);
    await theirs.remove(["same"]);
    expect(ids((await ours.search({ text: "automobile", k: 9 })).hits)).toEqual(["same"]);
  },

  async "finds the same after it was opened anew"(open) {
    const { embedder, index } = await three(open);
    await index.remove(["songs"]);
    const before = await index.search({ text: "automobile oven", k: 5 });
    expect(before.hits).toHaveLength(2);
    expect(await open(embedder).search({ text: "automobile oven", k: 5 })).toEqual(before);
  },

  async "[B1] searches words while the embedder is down, and makes up for it when asked"(open) {
    const embedder = new TopicEmbedder();
    const index = open(embedder);
    embedder.mood = "down";
    await index.upsert([lesson("a", "a car with brakes"), lesson("b", "a cake with cream")]);
    expect(await index.search({ text: "brake vehicle", k: 5 })).toMatchObject({
      semantic: false,
      alpha: 0,
      hits: [{ id: "a", cosine: null, terms: ["brakes"] }],
    });
    expect(await index.reindex(10)).toBe(2);
    embedder.mood = "well";
    expect(await index.search({ text: "pastry", k: 5 })).toMatchObject({ semantic: true, hits: [] });
    expect(await index.reindex(1)).toBe(1);
    expect(await index.reindex(1)).toBe(0);
    expect(ids((await index.search({ text: "pastry", k: 5 })).hits)).toEqual(["b"]);
  },

  async "takes no vector of another size, nor one that is no number"(open) {
    const embedder = new TopicEmbedder();
    const index = open(embedder);
    await index.upsert([lesson("good", "a car")]);
    for (const mood of ["short", "not numbers"] as const) {
      embedder.mood = mood;
      await index.upsert([lesson(mood, "a car as well")]);
      expect(await index.search({ text: "car", k: 5 })).toMatchObject({ semantic: false });
    }
    embedder.mood = "well";
    expect((await index.vectors(["good", "short", "not numbers"])).size).toBe(1);
    expect(await index.reindex(10)).toBe(0);
    expect((await index.vectors(["good", "short", "not numbers"])).size).toBe(3);
  },

  async "embeds anew under another version, and compares no vectors of two"(open) {
    await three(open);
    const next = new TopicEmbedder("topics@2");
    const index = open(next);
    expect(ids((await index.search({ text: "oven", k: 5 })).hits)).toEqual(["cakes"]);
    expect((await index.search({ text: "automobile", k: 5 })).hits.map(({ cosine }) => cosine)).toEqual([]);
    let left = await index.reindex(2);
    expect(left).toBe(1);
    left = await index.reindex(2);
    expect(left).toBe(0);
    expect(ids((await index.search({ text: "automobile", k: 5 })).hits)).toEqual(["cars"]);
  },

  async "gives unit vectors, whose product tells twins"(open) {
    const { index } = await three(open);
    await index.upsert(Array.from({ length: 45 }, (_, n) => lesson(`twin${n}`, `vehicle collision ${n}`)));
    const asked = ["cars", "cakes", "nobody", ...Array.from({ length: 45 }, (_, n) => `twin${n}`)];
    const vectors = await index.vectors(asked);
    expect(vectors.size).toBe(47);
    const product = (a: string, b: string) =>
      [...(vectors.get(a) ?? [])].reduce((sum, value, i) => sum + value * (vectors.get(b)?.[i] ?? 0), 0);
    expect(product("cars", "cars")).toBeCloseTo(1, 2);
    expect(product("cars", "twin44")).toBeCloseTo(1, 2);
    expect(product("cars", "cakes")).toBeCloseTo(0, 2);
  },

  async "finds nothing for a query without a word that weighs, and trips over no syntax"(open) {
    const { index } = await three(open);
    for (const text of ["", "   ", "how do I", "?!", '"', "\u0000", "\ud800"])
      expect((await index.search({ text, k: 5 })).hits).toEqual([]);
    for (const text of [
      'car" OR "',
      "car NEAR(cake, 2)",
      "car AND NOT oven*",
      "words:car",
      "car'); DROP TABLE lesson_index; --",
    ])
      expect(ids((await index.search({ text, k: 5 })).hits)).toContain("cars");
    await index.upsert([lesson("empty", ""), lesson("nothing", "?! …")]);
    expect(ids((await index.search({ text: "song", k: 5 })).hits)).toEqual(["songs"]);
  },

  async "takes a lesson and a query of 100,000 characters"(open) {
    const { index } = await three(open);
    const long = "lorem ipsum dolor ".repeat(6_000);
    await index.upsert([
      lesson("long", `a vehicle ${long} at the end quince`),
      lesson("one word", "x".repeat(100_000)),
    ]);
    expect(ids((await index.search({ text: "lorem", k: 5 })).hits)).toEqual(["long"]);
    expect(ids((await index.search({ text: `cake ${long}`, k: 5 })).hits)).toContain("cakes");
    expect(ids((await index.search({ text: "z".repeat(100_000), k: 5 })).hits)).toEqual([]);
  },

  async "finds lessons in other languages by their words"(open) {
    const { index } = await three(open);
    await index.upsert([
      lesson("ja", "データベースの移行はトランザクションで実行する"),
      lesson("ru", "Запускайте миграции в транзакции"),
      lesson("ar", "شغّل عمليات الترحيل داخل معاملة"),
      lesson("de", "Änderungen am Schema gehören in eine Transaktion"),
    ]);
    const first = async (text: string) => ids((await index.search({ text, k: 1 })).hits)[0];
    expect(await first("トランザクション")).toBe("ja");
    expect(await first("миграции")).toBe("ru");
    expect(await first("الترحيل")).toBe("ar");
    expect(await first("anderungen schema")).toBe("de");
  },
};
