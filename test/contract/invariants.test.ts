/** DESIGN §5 lists the invariants; the titles of tests cite them. Neither may lose sight of the other. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

const numbers = new Map(
  ["schema", "worker", "app", "cli", "scripts", "test"]
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((path) =>
        join(folder, path),
      ),
    )
    .filter((path) => path.endsWith(".test.ts") && !path.includes("node_modules"))
    .flatMap((path) => {
      const titles = readFileSync(join(ROOT, path), "utf8").matchAll(/\[([A-Z]\d)\]/g);
      return [...titles].map(([, number = ""]): [string, string] => [number, path]);
    }),
);
const section =
  /## 5\. Invariants[^]*?(?=\n## )/.exec(readFileSync(join(ROOT, "DESIGN.md"), "utf8"))?.[0] ?? "";
const listed = [...section.matchAll(/\*\*([A-Z]\d)\*\*/g)].map(([, number = ""]) => number);

/** Their parts of the product are not built yet. */
const PLANNED = ["B1", "B3"];

it("every invariant that is built is cited by a test", () => {
  expect(listed.length).toBeGreaterThan(20);
  expect(listed.filter((number) => !numbers.has(number) && !PLANNED.includes(number))).toEqual([]);
});

it("no test cites an invariant that is not listed", () => {
  expect([...numbers].filter(([number]) => !listed.includes(number))).toEqual([]);
});
