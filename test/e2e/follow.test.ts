/** `import --watch` and `--discover` as a new user runs them: real processes, a home laid out as the tools lay it. */
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as line from "../../cli/import/claude-code/miniature.test-data.ts";
import { MINIATURES } from "../sample/transcripts.ts";
import { readLog, signUp, type Account } from "./account.ts";
import { DIRECT } from "./command.ts";
import { family, goneWithin } from "./process-group.ts";
import { dataFolder, startServer, type Running } from "./server.ts";

const folder = dataFolder();
let server: Running;
beforeAll(async () => {
  server = await startServer(folder.path);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

interface Ran {
  process: ReturnType<typeof spawn>;
  said: () => string;
  ended: Promise<{ code: number | null; out: string; err: string }>;
}

/** The command with a home of its own, which holds what the tools keep. */
function run(account: Account, home: string, args: string[]): Ran {
  const [file = "", ...first] = DIRECT;
  const child = spawn(file, [...first, "import", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      XDG_STATE_HOME: join(home, "state"),
      CLUSTERFORK_URL: server.url,
      CLUSTERFORK_KEY: account.keys.ingest,
    },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, out, err })),
  );
  return { process: child, said: () => out + err, ended };
}

const outputIn = async (account: Account): Promise<number> => {
  const calls = (await readLog(server.url, account.keys.read)).filter(
    (one) => one.event_type === "tokens_used",
  );
  return calls.reduce((sum, { metrics }) => sum + (metrics?.["output_tokens"] ?? 0), 0);
};
const json = (records: object[]): string => records.map((one) => `${JSON.stringify(one)}\n`).join("");
/** Lines as they are written now: a session that is over tells more. */
const live = (records: object[]): object[] => {
  const now = Date.now();
  return records.map((one, index) => ({
    ...one,
    timestamp: new Date(now - 60_000 + index * 1000).toISOString(),
  }));
};

describe("--watch", () => {
  it(
    "[M1] [L1] follows a file through growth, a cut line, rotation, a killed server and a restart",
    { timeout: 120_000 },
    async () => {
      const account = await signUp(server.url, "Followers");
      const home = join(folder.path, "home-follow");
      const path = join(home, `.claude/projects/-home-me-shop/${line.SESSION}.jsonl`);
      mkdirSync(dirname(path), { recursive: true });
      const call = (id: string, output_tokens: number): object => {
        const answer = line.answer(id, { input_tokens: 1, output_tokens });
        return { ...answer, message: { ...(answer["message"] as object), stop_reason: "end_turn" } };
      };
      writeFileSync(path, json(live([line.prompt("Add a cart to the shop"), call("msg_a", 10)])));
      // Two at once tell nothing twice.
      const first = run(account, home, ["claude-code", path, "--watch"]);
      const other = run(account, home, ["--watch", path]);
      await expect.poll(() => outputIn(account), { timeout: 20_000 }).toBe(10);

      // The same call turned out to be longer: a delta.
      appendFileSync(path, json(live([{ ...call("msg_a", 25) }])));
      await expect.poll(() => outputIn(account), { timeout: 20_000 }).toBe(25);

      // A line that is half written waits for its end.
      const [whole = ""] = json(live([call("msg_b", 100)])).split("\n");
      appendFileSync(path, whole.slice(0, 60));
      await new Promise((done) => setTimeout(done, 1_500));
      expect(await outputIn(account)).toBe(25);

      const pids = family(server.process.pid!).map(({ pid }) => pid);
      for (const pid of pids) process.kill(pid, "SIGKILL");
      expect(await goneWithin(pids, 10_000)).toEqual([]);
      appendFileSync(path, `${whole.slice(60)}\n`);
      await expect.poll(() => first.said(), { timeout: 20_000 }).toContain("trying again");
      server = await startServer(folder.path, ["--port", new URL(server.url).port]);
      await expect.poll(() => outputIn(account), { timeout: 30_000 }).toBe(125);

      // Rotated: moved away, and begun anew under its name.
      renameSync(path, `${path}.old`);
      writeFileSync(path, json(live([call("msg_c", 1_000)])));
      await expect.poll(() => outputIn(account), { timeout: 20_000 }).toBe(1_125);

      other.process.kill("SIGKILL");
      first.process.kill("SIGINT");
      const { code, out } = await first.ended;
      expect([code, out]).toEqual([0, expect.stringMatching(/followed 1 file; \d+ events sent: \d+ new/)]);

      // What grew while nobody looked is told by the next run, as what it grew by.
      appendFileSync(path, json(live([call("msg_c", 1_500)])));
      const again = run(account, home, ["claude-code", path, "--watch"]);
      await expect.poll(() => outputIn(account), { timeout: 20_000 }).toBe(1_625);
      again.process.kill("SIGINT");
      expect((await again.ended).code).toBe(0);
      const ids = (await readLog(server.url, account.keys.read)).map(({ id }) => id);
      expect(ids.filter((id) => id.startsWith("req_msg"))).toEqual([
        "req_msg_a",
        "req_msg_a#1",
        "req_msg_b",
        "req_msg_c",
        "req_msg_c#1",
      ]);
    },
  );
});

describe("--discover", () => {
  it(
    "shows what the tools keep, sends nothing unasked, and all of it once with --yes",
    { timeout: 90_000 },
    async () => {
      const account = await signUp(server.url, "Newcomers");
      const home = join(folder.path, "home-discover");
      const kept = MINIATURES.filter(({ format }) => format !== "swe-agent");
      for (const { files } of kept)
        for (const [name, text] of Object.entries(files)) {
          mkdirSync(dirname(join(home, name)), { recursive: true });
          writeFileSync(join(home, name), text);
        }
      const unasked = await run(account, home, ["--discover"]).ended;
      expect(unasked.code).toBe(1);
      expect(unasked.err).toContain("Pass --yes");
      for (const title of ["Codex", "Copilot CLI", "Gemini CLI", "opencode", "OpenHands", "pi"])
        expect(unasked.out).toMatch(new RegExp(`^${title} +[1-9]`, "m"));
      expect(await readLog(server.url, account.keys.read)).toEqual([]);

      const dry = await run(account, home, ["--discover", "--dry-run"]).ended;
      const events = dry.out
        .trim()
        .split("\n")
        .map((one) => JSON.parse(one) as { id: string });
      expect(await readLog(server.url, account.keys.read)).toEqual([]);

      const sent = await run(account, home, ["--discover", "--yes"]).ended;
      expect(sent.code).toBe(0);
      const log = await readLog(server.url, account.keys.read);
      expect(log.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
      expect(await outputIn(account)).toBe(kept.reduce((sum, { tokens }) => sum + tokens[3], 0));

      const twice = await run(account, home, ["--discover", "--yes"]).ended;
      expect(twice.code).toBe(0);
      expect(await readLog(server.url, account.keys.read)).toHaveLength(log.length);
    },
  );
});
