/**
 * Sample projects of a local server: each is fed by `clusterfork simulate` as a child of this
 * process, in its process group, so that whatever ends the server ends it too.
 *
 *   Worker ──SAMPLE──▶ answer() ──▶ samples.json ──▶ child: the hours before, at once; then live, hour by hour
 *   start ──────────▶ resume()  ──▶ the same commands again: known events are duplicates, the rest goes on
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Work that lies behind the team when somebody first looks: enough for merged features, little enough to read. */
const HISTORY_MS = 6 * 3_600_000;
/** A sample is to look at, not to keep: half a day after it was made nothing more comes. */
const LIVE_MS = 12 * 3_600_000;
/** Each is a process of some 80 MB. */
const MAX_RUNNING = 4;
/** How long a child may take to end before it is killed. */
const GRACE_MS = 2_000;

/** One seed for all, with two truths to be found (test/README.md); nobody sleeps, so that there is always work to see. */
const SAMPLE_TEAM = [
  ...["--seed", "1", "--features", "endless", "--no-nights", "--speed", "live", "--quiet"],
  ...["--plant", "coder-tokens=15", "--plant", "unclear-specs=40"],
];

/** What stands in samples.json, by project. It holds keys: mode 600, like the secrets beside it. */
interface Sample {
  key: string;
  /** RFC 3339. With the same start the same events come again, so that a restart adds nothing twice. */
  start: string;
  until: string;
}

export interface Answer {
  state: "running" | "ended" | "unknown" | "none" | "full";
  taken?: boolean;
}

export interface SampleTeams {
  /** What the Worker asks: the state of a project's sample, or, with a key, that it begins. */
  answer(project_id: string, key: string | null): Answer;
  /** Goes on with the samples that a stop cut off. */
  resume(): void;
  stop(): Promise<void>;
}

export interface SampleOptions {
  /** The data folder. */
  folder: string;
  /** The server's address, once it has one. */
  url: () => string;
  /** Program and first arguments of the command. */
  command: readonly [string, ...string[]];
  now_ms: () => number;
  /** A line for whoever watches the server. */
  say: (line: string) => void;
}

export function createSampleTeams({ folder, url, command, now_ms, say }: SampleOptions): SampleTeams {
  const file = join(folder, "samples.json");
  const samples = read(file);
  const running = new Map<string, ChildProcess>();
  let stopping = false;

  function begin(project_id: string, { key, start, until }: Sample): void {
    const [program, ...first] = command;
    const args = [...first, "simulate", ...SAMPLE_TEAM, "--start", start, "--until", until];
    // The key goes by environment: arguments are readable by every user of the machine.
    const env = { ...process.env, CLUSTERFORK_URL: url(), CLUSTERFORK_KEY: key };
    const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    running.set(project_id, child);
    let words = "";
    child.stderr.on("data", (chunk: Buffer) => (words = (words + chunk.toString()).slice(-1_000)));
    const ended = (reason: string | null): void => {
      if (!running.delete(project_id) || stopping || reason === null) return;
      say(`The sample team of project ${project_id} stopped: ${reason} It goes on with the next npm start.`);
    };
    child.once("error", (error) => ended(`${error.message}.`));
    child.once("close", (code) =>
      ended(code === 0 ? null : (words.trim().split("\n").at(-1) ?? "") || "it says no reason."),
    );
  }

  return {
    answer(project_id, key) {
      const program = command.at(-1) ?? "";
      if (!existsSync(program)) return { state: "none" };
      if (running.has(project_id)) return { state: "running", taken: false };
      if (samples.has(project_id)) return { state: "ended", taken: false };
      if (running.size >= MAX_RUNNING) return { state: "full", taken: false };
      if (key === null) return { state: "unknown" };
      const now = now_ms();
      const sample = {
        key,
        start: new Date(now - HISTORY_MS).toISOString(),
        until: new Date(now + LIVE_MS).toISOString(),
      };
      samples.set(project_id, sample);
      write(file, samples);
      begin(project_id, sample);
      return { state: "running", taken: true };
    },
    resume() {
      for (const [project_id, sample] of samples)
        if (Date.parse(sample.until) > now_ms() && running.size < MAX_RUNNING) begin(project_id, sample);
    },
    async stop() {
      stopping = true;
      await Promise.all([...running.values()].map(end));
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = new Promise<void>((done) => child.once("close", () => done()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  await closed;
  clearTimeout(timer);
}

function read(file: string): Map<string, Sample> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, Sample>));
  } catch {
    // None yet, or damaged: samples are made up, and a new one is a click away.
    return new Map();
  }
}

function write(file: string, samples: ReadonlyMap<string, Sample>): void {
  writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(samples), null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
