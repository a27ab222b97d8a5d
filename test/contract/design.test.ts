/** DESIGN §3 lists the event types and §6 the routes; the code has them. Neither may lose sight of the other. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CATEGORIES, categoryOf, KNOWN_TYPES } from "../../schema/event/type.ts";
import { ROUTES } from "../../worker/http/routes.ts";

const DESIGN = readFileSync(join(import.meta.dirname, "../../DESIGN.md"), "utf8");

/** The cells of a table's line. A bar inside a cell is written `\|`. */
const cells = (line: string): string[] => line.split(/(?<!\\)\|/).map((cell) => cell.trim());

it("the taxonomy lists every known type in its category, and no other", () => {
  const section = /\n## 3\. [^]*?(?=\n## )/.exec(DESIGN)?.[0] ?? "";
  const listed = section.split("\n").flatMap((line) => {
    const [, category = "", types = ""] = cells(line);
    return CATEGORIES.some((known) => known === category)
      ? types.split(", ").map((type) => `${category} ${type}`)
      : [];
  });
  expect(listed.toSorted()).toEqual(KNOWN_TYPES.map((type) => `${categoryOf(type)} ${type}`).toSorted());
});

/** `/v1/lessons/{approve,retire}` names two. */
function spread(path: string): string[] {
  const [whole, options] = /\{([^{}]+,[^{}]+)\}/.exec(path) ?? [];
  if (whole === undefined || options === undefined) return [path];
  return options.split(",").flatMap((option) => spread(path.replace(whole, option)));
}

/** Whatever its parameters are called. */
const bare = (path: string): string => path.replace(/:\w+|<\w+>/g, ":");

/** Paths in the first column of §6; what is under a `/*` has its name. */
function named(): { paths: Set<string>; below: string[] } {
  const section = /\n## 6\. [^]*?(?=\n## )/.exec(DESIGN)?.[0] ?? "";
  const spans = section.split("\n").flatMap((line) => cells(line)[1]?.match(/`[^`]+`/g) ?? []);
  const paths = spans
    .flatMap((span) => /(?<=[`\s])\/[^\s?`]*/.exec(span)?.[0] ?? [])
    .flatMap(spread)
    .map(bare);
  return {
    paths: new Set(paths),
    below: paths.filter((path) => path.endsWith("/*")).map((path) => path.slice(0, -1)),
  };
}

it("the contract names every route; what is mounted twice, by one of its paths", () => {
  const { paths, below } = named();
  expect(paths.size).toBeGreaterThan(50);
  const missing = ROUTES.filter(({ path }) => {
    const own = bare(path);
    const machines = own.replace(/^\/api\/projects\/:\//, "/v1/");
    return !paths.has(own) && !paths.has(machines) && !below.some((folder) => own.startsWith(folder));
  });
  expect(missing.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
});

it("the contract names no route that does not exist", () => {
  const existing = new Set(ROUTES.map(({ path }) => bare(path)));
  const { paths } = named();
  expect([...paths].filter((path) => !path.endsWith("/*") && !existing.has(path))).toEqual([]);
});
