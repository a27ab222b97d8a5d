/**
 * `npm run eval:retrieval [-- --queries FILE --documents FILE]`: how well the shipped index finds lessons: by words
 * (FTS5), by meaning (the built-in embedder) and by both, with 95 % bootstrap intervals.
 *
 * Documents are lines of `{ "id", "text" }`, queries the same with `"relevant": [ids]`. Without files: titles against
 * descriptions of recorded projects where they are at hand, and authored paraphrases, alone and among 500 texts.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { StaticEmbedder } from "../../worker/learning/embed/static.ts";
import { among, PARAPHRASES } from "./paraphrases.ts";
import { METHODS, runTask } from "./run.ts";
import { interval, type Scores } from "./score.ts";
import { ledgers, readLines, type Question, type Task, type Text } from "./task.ts";

const WORDS = join(import.meta.dirname, "../../worker/learning/embed/words.bin");
const FIGURES: (keyof Scores)[] = ["ndcg10", "recall5", "recall10"];
const CROWD = 500;

function tasks({ queries, documents }: { queries?: string; documents?: string }): Task[] {
  if (queries !== undefined && documents !== undefined)
    return [
      { name: documents, documents: readLines<Text>(documents), questions: readLines<Question>(queries) },
    ];
  if (queries !== undefined || documents !== undefined)
    throw new Error("--queries and --documents belong together: each needs the other");
  const recorded = ledgers();
  if (recorded.length === 0)
    console.log("recorded projects are not at hand: CLUSTERFORK_DATA says where they lie");
  const [first] = recorded;
  return [...recorded, PARAPHRASES, ...(first === undefined ? [] : [among(first, CROWD)])];
}

const share = (value: number) => value.toFixed(3).replace(/^0/, "");

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { queries: { type: "string" }, documents: { type: "string" } } });
  const file = new Uint8Array(await readFile(WORDS));
  const embedder = StaticEmbedder.of(file.buffer);
  console.log(`${embedder.version}\n\n| task | found by | ${FIGURES.join(" | ")} |\n|---|---|---|---|---|`);
  for (const task of tasks(values)) {
    const found = await runTask(task, embedder);
    const of = `${task.name} (${task.questions.length} queries, ${task.documents.length} texts)`;
    for (const method of METHODS) {
      const cells = FIGURES.map((name) => {
        const { mean, low, high } = interval(found[method].map((one) => one[name]));
        return `${share(mean)} [${share(low)}, ${share(high)}]`;
      });
      console.log(`| ${of} | ${method} | ${cells.join(" | ")} |`);
    }
  }
}

await main();
