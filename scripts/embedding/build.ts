/**
 * `npm run build:embedding`: makes worker/learning/embed/words.bin anew from the packages of packages.json, and
 * words.json beside it, which says of what. The same packages give the same bytes. Takes some minutes and 3 GB.
 *
 * `npm run build:embedding -- --pin name@version …` adds packages to packages.json and stops.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BUILT_IN } from "../../worker/learning/embed/built-in.ts";
import { writeTable } from "../../worker/learning/embed/table.ts";
import { distinct, learn } from "./learn.ts";
import { fetchArchive, integrityOf, LICENSES, readPackage, type Pinned } from "./packages.ts";
import { sample } from "./sample.ts";

const ROOT = join(import.meta.dirname, "../..");
const LIST = join(import.meta.dirname, "packages.json");
const CACHE = join(ROOT, "node_modules/.cache/embedding");
const FILE = join(ROOT, "worker/learning/embed/words.bin");
const RECORD = join(ROOT, "worker/learning/embed/words.json");

/** 18,000 words of 132 bytes and their letters keep the file below MAX_BYTES. */
const MAX_WORDS = 18_000;
const MAX_BYTES = 2_621_440;
const SEED = 1;

const readList = () => JSON.parse(readFileSync(LIST, "utf8")) as Pinned[];

/** Throws where a package may not be used. */
function pin(named: string): Pinned {
  const at = named.lastIndexOf("@");
  const one = { name: named.slice(0, at), version: named.slice(at + 1) };
  const archive = fetchArchive(one, CACHE);
  const { license } = readPackage(archive);
  if (!LICENSES.has(license))
    throw new Error(`${named} has the licence "${license}", which is not on the list`);
  return { ...one, license, integrity: integrityOf(readFileSync(archive)) };
}

function pinAll(names: string[]): void {
  const list = new Map(readList().map((one) => [one.name, one]));
  for (const one of names.map(pin)) list.set(one.name, one);
  const sorted = [...list.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  writeFileSync(LIST, `[\n${sorted.map((one) => `  ${JSON.stringify(one)}`).join(",\n")}\n]\n`);
}

function passagesOf(pinned: Pinned): string[] {
  const archive = fetchArchive(pinned, CACHE);
  const named = `${pinned.name}@${pinned.version}`;
  if (integrityOf(readFileSync(archive)) !== pinned.integrity)
    throw new Error(`${named} is not the archive that was pinned: remove it from ${CACHE} and try again`);
  const { license, passages } = readPackage(archive);
  if (license !== pinned.license || !LICENSES.has(license))
    throw new Error(`${named} says its licence is "${license}"; "${pinned.license}" is recorded`);
  return sample(passages);
}

function main(): void {
  const { values } = parseArgs({
    options: { pin: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  if (values.pin) return pinAll(process.argv.slice(2).filter((arg) => !arg.startsWith("--")));
  const started = performance.now();
  const say = (line: string) =>
    console.log(`${((performance.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${line}`);
  const packages = readList();
  const texts = packages.flatMap(passagesOf);
  const passages = distinct(texts);
  say(`${passages.length} passages of ${packages.length} packages`);
  const { table, words_read } = learn(passages, {
    version: BUILT_IN.version,
    dimensions: BUILT_IN.dimensions,
    max_words: MAX_WORDS,
    seed: SEED,
    say,
  });
  const file = writeTable(table);
  if (file.byteLength > MAX_BYTES) throw new Error(`${file.byteLength} bytes are more than ${MAX_BYTES}`);
  writeFileSync(FILE, file);
  const record = {
    made_by: "npm run build:embedding",
    version: BUILT_IN.version,
    sha256: createHash("sha256").update(file).digest("hex"),
    bytes: file.byteLength,
    words: table.words.length,
    dimensions: table.dimensions,
    learned_from: { passages: passages.length, words: words_read },
    packages: packages.map(({ name, version, license }) => `${name}@${version} ${license}`),
  };
  writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);
  say(`${file.byteLength} bytes, sha256 ${record.sha256}`);
}

main();
