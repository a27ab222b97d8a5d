/** An embedder whose meanings are plain to see: words of one topic are one direction. It can be down, or answer nonsense. */
import type { Embedder } from "../../../worker/learning/index/contract.ts";

const TOPICS = [
  ["car", "automobile", "vehicle"],
  ["crash", "accident", "collision"],
  ["cake", "pastry", "dessert"],
  ["bake", "oven", "roast"],
  ["music", "song", "melody"],
  ["テスト", "проверка", "اختبار"],
];

export class TopicEmbedder implements Embedder {
  readonly version: string;
  readonly dimensions: number;
  readonly calibration = { floor: 0, highest: 0.6, lowest: 0.2 };
  mood: "well" | "down" | "short" | "not numbers" = "well";
  asked = 0;

  constructor(version = "topics@1", dimensions = 8) {
    this.version = version;
    this.dimensions = dimensions;
  }

  async embed(texts: readonly string[]): Promise<(Float32Array | null)[]> {
    this.asked += texts.length;
    if (this.mood === "down") throw new Error("the embedder is down");
    if (this.mood === "short") return texts.map(() => new Float32Array(this.dimensions - 1).fill(0.1));
    if (this.mood === "not numbers") return texts.map(() => new Float32Array(this.dimensions).fill(NaN));
    return texts.map((text) => {
      const vector = new Float32Array(this.dimensions);
      TOPICS.forEach((topic, n) => {
        for (const word of topic) if (text.toLowerCase().includes(word)) vector[n] = 1;
      });
      const length = Math.hypot(...vector);
      return length === 0 ? null : vector.map((value) => value / length);
    });
  }
}
