/**
 * `npm run bench -- lessons`: searching ten thousand lessons in workerd (DESIGN §8: p95 ≤ 50 ms), and embedding one text
 * (≤ 1 ms). Each search is timed from outside, with its request; each must find the lesson that its words were taken of.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTable } from "../../worker/learning/embed/table.ts";
import { check, figure, type Figure } from "./figure.ts";
import { load, median, quantile } from "./machine.ts";
import { ask, startServer, withFolder, type Server } from "./server.ts";

const WORDS = join(import.meta.dirname, "../../worker/learning/embed/words.bin");
const TEXT_WORDS = 80;
const BATCH = 500;

export interface LessonsOptions {
  lessons?: number;
  searches?: number;
  runs?: number;
  say?: (line: string) => void;
}

/** Texts whose words are as common as words are (Zipf), the same each time. */
function writer(words: readonly string[]): (n: number) => string {
  return (n) => {
    let state = (n + 1) * 2_654_435_761;
    const draw = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    return Array.from(
      { length: TEXT_WORDS },
      () => words[Math.floor(words.length ** draw()) - 1] ?? words[0],
    ).join(" ");
  };
}

const lesson = (n: number, text: string) => ({
  id: `l${n}`,
  text,
  project: `p${n % 3}`,
  scope: n % 2 === 0 ? "team" : "project",
  category: "pattern",
  tags: [],
  status: n % 10 === 9 ? "retired" : "active",
});

async function post({ port }: Server, path: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
}

export function benchLessons(options: LessonsOptions = {}): Promise<Figure[]> {
  const { lessons = 10_000, searches = 100, runs = 5, say = console.log } = options;
  return withFolder(async (data) => {
    const file = new Uint8Array(await readFile(WORDS));
    const { words } = readTable(file.buffer);
    const textOf = writer(words);
    const server = await startServer("lessons.worker.ts", data);
    try {
      await post(server, "/words", file);
      const embedding: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        const texts = Array.from({ length: BATCH }, (_, n) => textOf(run * BATCH + n));
        const at = performance.now();
        const made = await ask(server, "/embed", texts.join("\n"));
        embedding.push((performance.now() - at) / BATCH);
        check(made === String(BATCH), `${made} of ${BATCH} texts have a vector`);
      }
      const started = performance.now();
      for (let from = 0; from < lessons; from += BATCH) {
        const some = Array.from({ length: Math.min(BATCH, lessons - from) }, (_, n) =>
          lesson(from + n, textOf(from + n)),
        );
        await ask(server, "/fill", JSON.stringify(some));
      }
      say(
        `  filled ${lessons} lessons in ${((performance.now() - started) / 1_000).toFixed(1)} s, load ${load()}`,
      );

      const p95: number[] = [];
      const middle: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        const taken: number[] = [];
        for (let n = 0; n < searches; n += 1) {
          // Every tenth word of a lesson that the filter lets through: team-wide, and not retired.
          const wanted = ((run * searches + n) * 20) % lessons;
          const query = textOf(wanted)
            .split(" ")
            .filter((_, i) => i % 10 === 0)
            .join(" ");
          const at = performance.now();
          const answer = JSON.parse(await ask(server, "/search", query)) as {
            hits: { id: string }[];
            semantic: boolean;
          };
          taken.push(performance.now() - at);
          check(answer.semantic, "a search went without the embedder");
          check(
            answer.hits.some(({ id }) => id === `l${wanted}`),
            `lesson ${wanted} was not found by its own words`,
          );
        }
        p95.push(quantile(taken, 0.95));
        middle.push(median(taken));
      }
      const [half, most] = [median(middle), median(p95)].map((ms) => ms.toFixed(1));
      say(`  median search ${half} ms, p95 ${most} ms, load ${load()}`);
      return [
        figure(`lesson search over ${lessons.toLocaleString("en")}, p95`, "ms", p95, {
          target: { of: "figure", at_most: 50 },
        }),
        figure(`embedding a text of ${TEXT_WORDS} words`, "ms", embedding, {
          target: { of: "figure", at_most: 1 },
        }),
      ];
    } finally {
      await server.stop();
    }
  });
}
