/** What a figure needs beside it to be worth anything: the machine it was taken on, and how busy that was. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, release, totalmem, type as system } from "node:os";

export interface Machine {
  cpu: string;
  cores: number;
  memory_gib: number;
  kernel: string;
  node: string;
  workerd: string;
  /** ISO 8601. */
  date: string;
  /** Abbreviated, with `+` where the files differ from it; null outside a repository. */
  commit: string | null;
}

/** Load average of 1, 5 and 15 minutes. Above the number of cores, a figure says little. */
export function load(): string {
  return loadavg()
    .map((value) => value.toFixed(2))
    .join(" ");
}

/** Of the last minute alone. */
export const loadNow = (): number => loadavg()[0] ?? 0;

export function machine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory_gib: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    kernel: `${system()} ${release().split("-")[0] ?? ""}`,
    node: process.version,
    workerd: workerdVersion(),
    date: new Date().toISOString(),
    commit: commit(),
  };
}

/** The one that Miniflare runs, which need not be wrangler's. */
function workerdVersion(): string {
  const of_miniflare = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  const { version } = JSON.parse(readFileSync(of_miniflare.resolve("workerd/package.json"), "utf8")) as {
    version: string;
  };
  return version;
}

function commit(): string | null {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8", stdio: "pipe" }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+");
  } catch {
    return null; // Unpacked from an archive: there is no commit to name.
  }
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

export function quantile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** Files that a process of this machine may have open. */
export function openFilesLimit(): number {
  return Number(/Max open files\s+(\d+)/.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]);
}
