import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSampleTeams, type SampleTeams } from "./sample.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const PROJECT = "p123456789012345";
let folder: string;
let log: string;
let open: SampleTeams[] = [];
const said: string[] = [];

/** A stand-in for the command: writes down how it was called, then does as it was told. */
function program(behaviour: string): string {
  const file = join(folder, "command.mjs");
  writeFileSync(
    file,
    `import { appendFileSync } from "node:fs";
    const { CLUSTERFORK_KEY: key, CLUSTERFORK_URL: url } = process.env;
    appendFileSync(${JSON.stringify(log)}, JSON.stringify({ args: process.argv.slice(2), key, url, pid: process.pid }) + "\\n");
    ${behaviour}`,
  );
  return file;
}
const WORK = "setInterval(() => undefined, 1000);";

function openTeams(behaviour = WORK, now_ms = NOW_MS): SampleTeams {
  const teams = createSampleTeams({
    folder,
    url: () => "http://127.0.0.1:9999",
    command: [process.execPath, program(behaviour)],
    now_ms: () => now_ms,
    say: (line) => said.push(line),
  });
  open.push(teams);
  return teams;
}

/** The calls so far, once there are so many. */
async function calls(count: number): Promise<{ args: string[]; key: string; url: string; pid: number }[]> {
  for (;;) {
    let lines: string[] = [];
    try {
      // What stands behind the last line's end is still being written.
      lines = readFileSync(log, "utf8").split("\n").slice(0, -1);
    } catch {
      // Not called yet.
    }
    if (lines.length >= count) return lines.map((line) => JSON.parse(line));
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "clusterfork-sample-"));
  log = join(folder, "calls.ndjson");
  said.length = 0;
});
afterEach(async () => {
  await Promise.all(open.map((teams) => teams.stop()));
  open = [];
  rmSync(folder, { recursive: true, force: true });
});

describe("sample teams", () => {
  it("begin with a key, six hours back, for half a day, with the key in no argument", async () => {
    const teams = openTeams();
    expect(teams.answer(PROJECT, null)).toEqual({ state: "unknown" });
    expect(teams.answer(PROJECT, "cfk_secret")).toEqual({ state: "running", taken: true });
    const [call] = await calls(1);
    expect(call).toMatchObject({ key: "cfk_secret", url: "http://127.0.0.1:9999" });
    const args = call!.args.join(" ");
    expect(args).toMatch(/^simulate --seed 1 .*--speed live/);
    expect(args).toContain("--start 2026-11-22T06:00:00.000Z --until 2026-11-23T00:00:00.000Z");
    expect(args).not.toContain("cfk_");
    expect(statSync(join(folder, "samples.json")).mode & 0o777).toBe(0o600);
  });

  it("take one key for a project, and tell whoever asks again", async () => {
    const teams = openTeams();
    teams.answer(PROJECT, "cfk_one");
    expect(teams.answer(PROJECT, "cfk_two")).toEqual({ state: "running", taken: false });
    expect(teams.answer(PROJECT, null)).toEqual({ state: "running", taken: false });
    expect((await calls(1)).map(({ key }) => key)).toEqual(["cfk_one"]);
  });

  it("are four at most", () => {
    const teams = openTeams();
    const states = [1, 2, 3, 4, 5].map((place) => teams.answer(`p${place}`, `cfk_${place}`).state);
    expect(states).toEqual(["running", "running", "running", "running", "full"]);
  });

  it("end with the server, and go on with the next one: with the same start", async () => {
    const first = openTeams();
    first.answer(PROJECT, "cfk_one");
    const [before] = await calls(1);
    await first.stop();
    expect(runs(before!.pid)).toBe(false);
    const later = openTeams(WORK, NOW_MS + 3_600_000);
    later.resume();
    const [, after] = await calls(2);
    expect(after).toMatchObject({ args: before!.args, key: before!.key });
    expect(later.answer(PROJECT, null).state).toBe("running");
    expect(said).toEqual([]);
  });

  it("are killed where they do not listen", async () => {
    const teams = openTeams(`process.on("SIGTERM", () => undefined); ${WORK}`);
    teams.answer(PROJECT, "cfk_one");
    const [call] = await calls(1);
    await teams.stop();
    expect(runs(call!.pid)).toBe(false);
  });

  it("are over after half a day", () => {
    openTeams().answer(PROJECT, "cfk_one");
    const later = openTeams(WORK, NOW_MS + 13 * 3_600_000);
    later.resume();
    expect(later.answer(PROJECT, null)).toEqual({ state: "ended", taken: false });
  });

  it("that fail are told of, once, with the command's own words", async () => {
    const teams = openTeams(`console.error("clusterfork: the key was not accepted."); process.exitCode = 1;`);
    teams.answer(PROJECT, "cfk_one");
    while (said.length === 0) await new Promise((wake) => setTimeout(wake, 20));
    expect(said).toEqual([expect.stringContaining("the key was not accepted.")]);
    expect(teams.answer(PROJECT, null).state).toBe("ended");
  });

  it("are none where the command is not built", () => {
    const teams = createSampleTeams({
      folder,
      url: () => "",
      command: [process.execPath, join(folder, "missing.js")],
      now_ms: () => NOW_MS,
      say: () => undefined,
    });
    expect(teams.answer(PROJECT, "cfk_one")).toEqual({ state: "none" });
  });

  it("begin anew where their file is damaged", () => {
    writeFileSync(join(folder, "samples.json"), '{"p');
    expect(openTeams().answer(PROJECT, null)).toEqual({ state: "unknown" });
  });
});
