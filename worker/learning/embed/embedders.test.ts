/** What the two embedders do when what they need is missing, late or nonsense. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BUILT_IN, builtInEmbedder, WORDS_URL } from "./built-in.ts";
import { StaticEmbedder } from "./static.ts";
import { workersAiEmbedder, type TextModel } from "./workers-ai.ts";
import { wordsOf } from "./words.ts";

const file = new Uint8Array(readFileSync(join(import.meta.dirname, "words.bin")));

test("words are split where identifiers have joints", () => {
  expect(wordsOf("getUserById HTTPServer snake_case_name don't v2.0 naïve 移行する")).toEqual(
    "get user by id http server snake case name dont v2 0 naïve 移行 行す する".split(" "),
  );
});

describe("the built-in embedder", () => {
  test("gives unit vectors that tell what is meant, and null for what says nothing", () => {
    const embedder = StaticEmbedder.of(file.buffer);
    const [a, b, c] = [
      "slow database query needs an index",
      "SQL statement scans the whole table",
      "hash passwords with a salt",
    ].map((text) => embedder.vectorOf(text) ?? new Float32Array()) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const cosine = (x: Float32Array, y: Float32Array) =>
      x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
    expect(cosine(a, a)).toBeCloseTo(1);
    expect(cosine(a, b)).toBeGreaterThan(cosine(a, c) + 0.1);
    expect(["", "how do I", "?!"].map((text) => embedder.vectorOf(text))).toEqual([null, null, null]);
  });

  test("an unknown word is like itself and like no other", () => {
    const embedder = StaticEmbedder.of(file.buffer);
    const of = (text: string) => embedder.vectorOf(text) ?? new Float32Array(BUILT_IN.dimensions);
    const cosine = (x: string, y: string) =>
      of(x).reduce((sum, value, i) => sum + value * (of(y)[i] ?? 0), 0);
    expect(cosine("qzxpolecat17", "qzxpolecat17")).toBeCloseTo(1);
    expect(Math.abs(cosine("qzxpolecat17", "qzxpolecat18"))).toBeLessThan(0.3);
  });

  test("is loaded once, when it is needed, and again where that failed", async () => {
    let asked = 0;
    let is_there = false;
    const embedder = builtInEmbedder({
      fetch: async (address) => {
        asked += 1;
        expect(address).toBe(WORDS_URL);
        return is_there ? new Response(file) : new Response("none", { status: 404 });
      },
    });
    expect(asked).toBe(0);
    await expect(embedder.embed(["cache"])).rejects.toThrow(/npm run build/);
    is_there = true;
    expect((await embedder.embed(["cache", "queue"])).map((vector) => vector?.length)).toEqual([256, 256]);
    await embedder.embed(["cache"]);
    expect(asked).toBe(2);
  });
});

describe("the embedder of Workers AI", () => {
  const model = (answer: (text: string[]) => unknown): TextModel => ({
    run: async (_, { text }) => answer(text),
  });
  const vector = (n: number) => Array.from({ length: 768 }, (_, i) => (i === n ? 2 : 0));

  test("asks for a hundred texts at a time and leaves empty ones out", async () => {
    const asked: number[] = [];
    const embedder = workersAiEmbedder(
      model((text) => {
        asked.push(text.length);
        return { shape: [text.length, 768], data: text.map((_, n) => vector(n)) };
      }),
    );
    const made = await embedder.embed(["", ...Array.from({ length: 150 }, (_, n) => `text ${n}`), " "]);
    expect(asked).toEqual([100, 50]);
    expect(made).toHaveLength(152);
    expect([made[0], made[151]]).toEqual([null, null]);
    expect(made[1]?.[0]).toBe(1);
    expect(made[101]?.[0]).toBe(1);
  });

  test.each([
    ["an id instead of vectors", () => ({ request_id: "1" })],
    ["too short a vector", () => ({ data: [[1, 2, 3]] })],
    ["no numbers", () => ({ data: [Array.from({ length: 768 }, () => "x")] })],
    ["nothing", () => null],
  ])("rejects %s", async (_, answer) => {
    await expect(workersAiEmbedder(model(answer)).embed(["text"])).rejects.toThrow(/Workers AI/);
  });

  test("does not wait for ever", async () => {
    const silent: TextModel = { run: () => new Promise(() => undefined) };
    await expect(workersAiEmbedder(silent, 20).embed(["text"])).rejects.toThrow(/20 ms/);
  });
});
