import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../bootstrap/root.mjs";
import { readReport, tallyOf, type Tally } from "./tally.ts";

/** Runs vitest over `projects` and counts. */
export async function runProjects(
  projects: string[],
  filters: string[],
  env: Record<string, string>,
): Promise<Tally> {
  const bin = join(ROOT, "node_modules/.bin");
  const report = join(ROOT, `dist/test/${projects.join("-")}.json`);
  rmSync(report, { force: true });
  const child = spawn(
    join(bin, "vitest"),
    [
      "run",
      ...projects.flatMap((project) => ["--project", project]),
      "--passWithNoTests",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...filters,
    ],
    {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env, PATH: `${bin}:${process.env.PATH ?? ""}` },
    },
  );
  const code = await new Promise<number>((resolve) => {
    child.on("error", () => resolve(1));
    child.on("close", (status) => resolve(status ?? 1));
  });
  return tallyOf(readReport(report), code);
}
