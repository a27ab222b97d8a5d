/** Porter's stems are FTS5's: over every word of the built-in embedder that is written in ASCII. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { stemOf } from "./stem.ts";
import { readTable } from "./table.ts";

test("stems as SQLite does", () => {
  const file = new Uint8Array(readFileSync(join(import.meta.dirname, "words.bin")));
  const words = readTable(file.buffer).words.filter((word) => /^[a-z0-9]+$/.test(word));
  expect(words.length).toBeGreaterThan(15_000);
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE VIRTUAL TABLE t USING fts5(word, tokenize = 'porter unicode61')");
  database.exec("CREATE VIRTUAL TABLE v USING fts5vocab('t', 'instance')");
  const add = database.prepare("INSERT INTO t (rowid, word) VALUES (?, ?)");
  database.exec("BEGIN");
  words.forEach((word, n) => add.run(n + 1, word));
  database.exec("COMMIT");
  const wrong = database
    .prepare("SELECT term, doc FROM v")
    .all()
    .map(({ term, doc }) => ({ term: String(term), word: words[Number(doc) - 1] ?? "" }))
    .filter(({ term, word }) => stemOf(word) !== term);
  expect(wrong).toEqual([]);
});
