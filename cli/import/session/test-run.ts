/**
 * Test runs, recognised by the command and by the summary that its runner
 * prints. This is weak evidence, and the events say so (`evidence: "output"`):
 * a pipe may hide failures, and a run without a summary is not reported at all.
 *
 * | runner                  | command                        | what is read                                        |
 * |-------------------------|--------------------------------|-----------------------------------------------------|
 * | go                      | go test, gotestsum             | `--- PASS/FAIL/SKIP:` (top level), `ok`/`FAIL` lines  |
 * | pytest                  | pytest                         | `= 3 failed, 10 passed in 1.2s =`                    |
 * | vitest, jest            | vitest, jest                   | `Tests  1 failed | 12 passed`, `Tests: 1 failed, …`  |
 * | node                    | node --test                    | `# pass 3`, `ℹ fail 1`                               |
 * | mocha                   | mocha                          | `12 passing`, `1 failing`                            |
 * | cargo                   | cargo test, cargo nextest      | `test result: ok. 5 passed; 0 failed`                |
 * | rspec                   | rspec                          | `10 examples, 1 failure`                             |
 * | phpunit                 | phpunit                        | `OK (5 tests, …)`, `Tests: 5, …, Failures: 1`        |
 * | dotnet                  | dotnet test                    | `Passed!  - Failed: 0, Passed: 5`                    |
 *
 * A wrapper (npm test, make test, mise run test, just test …) is a test
 * command too; its runner is known by the first summary that fits.
 */
import { stripVTControlCharacters } from "node:util";

export interface TestRun {
  runner: string;
  /** Null where the runner tells only that it passed or failed. */
  passed: number | null;
  failed: number | null;
  skipped: number | null;
  success: boolean;
}

type Counts = Pick<TestRun, "passed" | "failed" | "skipped"> & { broken?: boolean };

interface Runner {
  name: string;
  command: RegExp;
  read: (output: string) => Counts | null;
}

const WRAPPER =
  /\b(?:npm|pnpm|yarn|bun|make|just|task|mise|turbo|nx|gradlew?|rake|composer)\b[^|;&\n]*\btests?\b/;

/** Sum over all matches, or null without any. */
function sum(output: string, pattern: RegExp): number | null {
  let total: number | null = null;
  for (const match of output.matchAll(pattern)) total = (total ?? 0) + Number(match[1] ?? 1);
  return total;
}

function counts(passed: number | null, failed: number | null, skipped: number | null): Counts | null {
  return passed === null && failed === null ? null : { passed, failed, skipped };
}

function readGo(output: string): Counts | null {
  const packages_ok = sum(output, /^ok\s+\S+\s/gm);
  const broken = /^(?:FAIL\b|panic: |--- FAIL)/m.test(output);
  const passed = sum(output, /^--- PASS:/gm);
  const failed = sum(output, /^--- FAIL:/gm);
  if (packages_ok === null && passed === null && failed === null && !broken && !/^PASS$/m.test(output))
    return null;
  return { passed, failed, skipped: sum(output, /^--- SKIP:/gm), broken };
}

/** `3 failed, 10 passed` inside the line that the pattern finds; the last such line counts. */
function inLine(output: string, line: RegExp): Counts | null {
  const found = [...output.matchAll(line)].at(-1)?.[0];
  if (found === undefined) return null;
  const errors = sum(found, /(\d+) errors?\b/g);
  const failed = sum(found, /(\d+) failed/g);
  return counts(
    sum(found, /(\d+) passed/g),
    failed === null && errors === null ? null : (failed ?? 0) + (errors ?? 0),
    sum(found, /(\d+) (?:skipped|todo)/g),
  );
}

const RUNNERS: readonly Runner[] = [
  { name: "go", command: /\bgo\s+test\b|\bgotestsum\b/, read: readGo },
  {
    name: "pytest",
    command: /\bpytest\b|\bpy\.test\b/,
    read: (output) => inLine(output, /^(?:=+ )?\d+ [a-z]+(?:, \d+ [a-z]+)* in [\d.]+s.*$/gm),
  },
  {
    name: "vitest",
    command: /\bvitest\b/,
    read: (output) => inLine(output, /^[ \t]*Tests +\d+ [a-z]+(?: \| \d+ [a-z]+)*(?: \(\d+\))?[ \t]*$/gm),
  },
  { name: "jest", command: /\bjest\b/, read: (output) => inLine(output, /^Tests:\s.*\btotal\b.*$/gm) },
  {
    name: "node",
    command: /\bnode\b[^|;&\n]*--test\b/,
    read: (output) =>
      counts(
        sum(output, /^(?:#|ℹ) pass (\d+)$/gm),
        sum(output, /^(?:#|ℹ) fail (\d+)$/gm),
        sum(output, /^(?:#|ℹ) skipped (\d+)$/gm),
      ),
  },
  {
    name: "mocha",
    command: /\bmocha\b/,
    read: (output) =>
      counts(
        sum(output, /^[ \t]*(\d+) passing\b/gm),
        sum(output, /^[ \t]*(\d+) failing\b/gm),
        sum(output, /^[ \t]*(\d+) pending\b/gm),
      ),
  },
  {
    name: "cargo",
    command: /\bcargo\s+(?:\+\S+\s+)?(?:test|nextest)\b/,
    read: (output) => {
      const told = output.match(/^test result: .*$|^[ \t]*Summary .*\btests? run: .*$/gm)?.join("\n");
      if (told === undefined) return null;
      return counts(
        sum(told, /(\d+) passed/g),
        sum(told, /(\d+) failed/g),
        sum(told, /(\d+) (?:ignored|skipped)/g),
      );
    },
  },
  {
    name: "rspec",
    command: /\brspec\b/,
    read: (output) => {
      const examples = sum(output, /^(\d+) examples?, \d+ failures?/gm);
      const failed = sum(output, /^\d+ examples?, (\d+) failures?/gm);
      return examples === null ? null : counts(examples - (failed ?? 0), failed, null);
    },
  },
  {
    name: "phpunit",
    command: /\bphpunit\b/,
    read: (output) => {
      const ok = sum(output, /^OK \((\d+) tests?/gm);
      if (ok !== null) return counts(ok, 0, null);
      const all = sum(output, /^Tests: (\d+), /gm);
      const failed = (sum(output, /\bFailures: (\d+)/g) ?? 0) + (sum(output, /\bErrors: (\d+)/g) ?? 0);
      return all === null ? null : counts(Math.max(0, all - failed), failed, null);
    },
  },
  {
    name: "dotnet",
    command: /\bdotnet\s+test\b/,
    read: (output) =>
      counts(
        sum(output, /\bPassed:\s+(\d+)/g),
        sum(output, /\bFailed:\s+(\d+)/g),
        sum(output, /\bSkipped:\s+(\d+)/g),
      ),
  },
];

/** What a shell command's output tells of tests; null when it ran none, or none that is recognised. */
export function readTestRun(command: string, output: string, command_failed: boolean): TestRun | null {
  const named = RUNNERS.filter((runner) => runner.command.test(command));
  const candidates = named.length > 0 ? named : WRAPPER.test(command) ? RUNNERS : [];
  const plain = stripVTControlCharacters(output);
  for (const runner of candidates) {
    const found = runner.read(plain);
    if (found === null) continue;
    const { broken = false, ...told } = found;
    const failures = told.failed ?? 0;
    // An exit code without a failure in the summary belongs to another part of the command line.
    const success = failures === 0 && !broken && !(command_failed && told.passed === null);
    return { runner: runner.name, ...told, success };
  }
  return null;
}
