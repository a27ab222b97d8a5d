import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Json } from "../event.ts";
import { findSecrets, redactSecrets } from "./secret.ts";

const DATA = process.env.CLUSTERFORK_DATA ?? join(import.meta.dirname, "../../../../shared/data");

/** Work of the recorded kind, written for this test: ids, hashes, paths and talk about keys, and no secret. */
const MINIATURE: Json[] = [
  {
    id: "bd-kwro",
    title: "Rotate the API key of the CI user",
    description: "The token: see `apiKey = await getApiKeyForModel(model)`; password reset is bd-9f2.1",
    commit: "8f14e45fceea167a5a36dedd4bea2543f1d2c9aa",
    dependencies: ["gt-csl.3.3", "hq-cv-mzsgw"],
  },
  {
    message: {
      id: "msg_01XFDUDYJgAACzvnptvVoYEL",
      model: "claude-sonnet-5",
      usage: { input_tokens: 12, cache_read_tokens: 9000 },
      content: "export OPENAI_API_KEY=sk-...\nexport ANTHROPIC_API_KEY=sk-ant-...\n/home/me/src/token.ts",
    },
  },
];

/** Some recorded lines are broken: they are looked at as text. */
function parsed(line: string): Json {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return line;
  }
}

function* recorded(folder: string): Generator<Json> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".jsonl.gz")) continue;
    const text = gunzipSync(readFileSync(join(entry.parentPath, entry.name))).toString();
    for (const line of text.split("\n")) if (line.trim() !== "") yield parsed(line);
  }
}

function everyHashSurvives(value: Json): void {
  const before = JSON.stringify(value).match(/\b[0-9a-f]{40}\b/g) ?? [];
  const after = new Set(JSON.stringify(redactSecrets(value)).match(/\b[0-9a-f]{40}\b/g) ?? []);
  expect(before.filter((hash) => !after.has(hash))).toEqual([]);
}

describe("recorded work", () => {
  it("[P1] an authored miniature comes through unchanged", () => {
    for (const value of MINIATURE) {
      expect(redactSecrets(value)).toBe(value);
      everyHashSurvives(value);
    }
  });

  it.skipIf(!existsSync(DATA))(
    "[P1] of the recorded data only what was reviewed is redacted",
    () => {
      let found = 0;
      for (const value of recorded(DATA)) {
        everyHashSurvives(value);
        if (redactSecrets(value) !== value) found += findSecrets(JSON.stringify(value)).length + 1;
      }
      // Reviewed by hand: this data was cleaned before it was published.
      expect(found).toBe(0);
    },
    120_000,
  );
});
