/** One task through the shipped index, by words, by meaning and by both. */
import type { StaticEmbedder } from "../../worker/learning/embed/static.ts";
import type { LessonIndex } from "../../worker/learning/index/contract.ts";
import { openEmbeddedIndex } from "../../worker/learning/index/embedded.ts";
import { nodeSql } from "./node-sql.ts";
import { score, type Scores } from "./score.ts";
import type { Task } from "./task.ts";

export const METHODS = ["words", "meaning", "both"] as const;
export type Method = (typeof METHODS)[number];

async function fill(task: Task, embedder: StaticEmbedder): Promise<LessonIndex> {
  const index = openEmbeddedIndex(nodeSql(), embedder);
  await index.upsert(
    task.documents.map(({ id, text }) => ({
      id,
      text,
      project: "p",
      scope: "project" as const,
      category: "pattern",
      tags: [],
      status: "active",
    })),
  );
  return index;
}

export async function runTask(task: Task, embedder: StaticEmbedder): Promise<Record<Method, Scores[]>> {
  const index = await fill(task, embedder);
  const vectors = await index.vectors(task.documents.map(({ id }) => id));
  const meaning = (text: string): string[] => {
    const query = embedder.vectorOf(text);
    if (query === null) return [];
    return [...vectors]
      .map(([id, vector]) => ({
        id,
        cosine: vector.reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0),
      }))
      .sort((a, b) => b.cosine - a.cosine)
      .map(({ id }) => id);
  };
  const found: Record<Method, Scores[]> = { words: [], meaning: [], both: [] };
  for (const { text, relevant } of task.questions) {
    const right = new Set(relevant);
    for (const by of ["words", "both"] as const) {
      const { hits } = await index.search({ text, k: 10, by });
      found[by].push(
        score(
          hits.map(({ id }) => id),
          right,
        ),
      );
    }
    found.meaning.push(score(meaning(text), right));
  }
  return found;
}
