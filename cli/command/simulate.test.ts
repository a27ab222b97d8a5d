import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { simulateCommand } from "./simulate.ts";

/** A server that knows ids: what an intake answers, no more. */
let server: Server;
let url = "";
const known = new Map<string, OutgoingEvent>();
let sources = new Set<unknown>();
const folder = mkdtempSync(join(tmpdir(), "clusterfork-simulate-"));

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
      const events = text
        .toString()
        .split("\n")
        .map((line) => JSON.parse(line) as OutgoingEvent);
      sources.add(request.headers["clusterfork-source"]);
      const fresh = events.filter(({ id }) => !known.has(id));
      for (const event of fresh) known.set(event.id, event);
      const answer = { accepted: fresh.length, duplicates: events.length - fresh.length };
      response.end(JSON.stringify({ ...answer, first_seq: null, last_seq: null }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  known.clear();
  sources = new Set();
});

async function run(...args: string[]): Promise<{ code: number; said: string }> {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const code = await simulateCommand(["--url", url, "--key", "cfk_test", "--quiet", ...args]);
  return { code, said: log.mock.calls.flat().join("\n") };
}
const readEvents = (file: string): OutgoingEvent[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as OutgoingEvent);

it("sends what --out writes, and a second time adds nothing", async () => {
  const file = join(folder, "run.ndjson");
  await run("--seed", "7", "--features", "2", "--out", file);
  const written = readEvents(file);
  expect(known.size).toBe(0);

  const first = await run("--seed", "7", "--features", "2");
  expect(first.code).toBe(0);
  expect(first.said).toContain(`${written.length} new, 0 already there`);
  expect([...known.values()]).toEqual(written);
  expect(sources).toEqual(new Set(["simulate"]));

  const second = await run("--seed", "7", "--features", "2");
  expect(second.said).toContain(`0 new, ${written.length} already there`);
});

it("stops at --until, counted from the start or on the clock", async () => {
  const file = join(folder, "until.ndjson");
  const lastOf = () => readEvents(file).at(-1)?.timestamp ?? "";
  await run("--features", "endless", "--until", "+2h", "--out", file);
  expect(lastOf() > "2026-01-05T10:55" && lastOf() <= "2026-01-05T11:00:00.000Z").toBe(true);
  const began_ms = Date.now();
  await run("--features", "endless", "--start", "now-1h", "--until", "now", "--out", file);
  expect(Date.parse(lastOf())).toBeLessThanOrEqual(Date.now());
  expect(Date.parse(readEvents(file)[0]?.timestamp ?? "")).toBeGreaterThanOrEqual(began_ms - 3_600_000);
});

it("writes where its planted truths took effect", async () => {
  const [file, truths] = [join(folder, "planted.ndjson"), join(folder, "truths.ndjson")];
  await run(
    "--features",
    "12",
    "--plant",
    "loop",
    "--plant",
    "unclear-specs=100",
    "--out",
    file,
    "--truths",
    truths,
  );
  const told = readFileSync(truths, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { plant: string; task_id: string });
  expect(new Set(told.map(({ plant }) => plant))).toEqual(new Set(["loop", "unclear-specs"]));
  const tasks = new Set(readEvents(file).map(({ task_id }) => task_id));
  expect(told.filter(({ task_id }) => !tasks.has(task_id))).toEqual([]);
});

it("lists what can be planted", async () => {
  const { said } = await run("--plants");
  for (const name of [
    "coder-tokens=15",
    "unclear-specs=40",
    "fragile-files=sql",
    "helpful-lesson=20",
    "burn=30",
    "loop=40",
  ])
    expect(said).toContain(name);
});

it.each([
  [["--seed=-1"], "--seed takes a whole number"],
  [["--features", "some"], "--features takes"],
  [["--coders", "27"], "--coders takes a whole number from 1 to 26"],
  [["--start", "yesterday"], "--start takes a time"],
  [["--until", "8h"], "--until takes a time"],
  [["--speed", "0"], "--speed takes max, live"],
  [["--speed", ""], "--speed takes max, live"],
  [["--plant", "gold"], 'nothing to plant is called "gold". There are: coder-tokens'],
  [["--plant", "loop=many"], "--plant loop takes calls 0–500 (default 40)"],
  [["--plant", "constructor"], "nothing to plant"],
  [["seven"], "takes options only"],
])("refuses %j with what to do", async (args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
});
