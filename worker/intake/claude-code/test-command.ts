/**
 * Test runs by their command and exit code. Where a pipe, or what follows, decides
 * the exit code, it says nothing of the tests.
 */
const RUNNERS: readonly [string, RegExp][] = [
  ["go", /\bgo\s+test\b|\bgotestsum\b/],
  ["pytest", /\bpytest\b|\bpy\.test\b/],
  ["vitest", /\bvitest\b/],
  ["jest", /\bjest\b/],
  ["node", /\bnode\b[^|;&\n]*--test\b/],
  ["mocha", /\bmocha\b/],
  ["cargo", /\bcargo\s+(?:\+\S+\s+)?(?:test|nextest)\b/],
  ["rspec", /\brspec\b/],
  ["phpunit", /\bphpunit\b/],
  ["dotnet", /\bdotnet\s+test\b/],
  [
    "script",
    /\b(?:npm|pnpm|yarn|bun|make|just|task|mise|turbo|nx|gradlew?|rake|composer)\b[^|;&\n]*\btests?\b/,
  ],
];

/** Longest command that is looked at, in characters: a script handed in whole is no test command. */
const MAX_COMMAND_CHARS = 4_000;

/** The runner whose exit code is the command's; null where there is none. */
export function testRunnerOf(command: string): string | null {
  if (command.length > MAX_COMMAND_CHARS) return null;
  // What stands before the last `&&` or `;` only leads up to it, as `cd` does.
  const last =
    command
      .split(/&&|;|\n/)
      .at(-1)
      ?.trim() ?? "";
  if (last.replaceAll(/[0-9]?>&[0-9]/g, "").match(/[|&]/) !== null) return null;
  return RUNNERS.find(([, pattern]) => pattern.test(last))?.[0] ?? null;
}
