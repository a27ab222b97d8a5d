/** What goes wrong with the files of an import, and two imports at once. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WireState } from "../../schema/state/state.ts";
import { readLog, readState, signUp } from "./account.ts";
import { DIRECT, runCommand } from "./command.ts";
import { dataFolder, startServer, type Running } from "./server.ts";
import { miniatureFiles } from "./sources.ts";

const folder = dataFolder();
const sources = miniatureFiles(folder.path);
const pathsOf = (format: string) => sources.find((source) => source.format === format)?.paths ?? [];
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
};
afterAll(() => folder.remove());

/** What the command says without a server: it must find out by the files alone. */
const dry = (args: string[], more: Record<string, string> = {}) => {
  const [program = "", ...first] = DIRECT;
  const env = { ...process.env, HOME: folder.path, CLUSTERFORK_KEY: "", ...more };
  const { status, stdout, stderr } = spawnSync(program, [...first, "import", ...args, "--dry-run"], {
    env,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, events: stdout.split("\n").filter((line) => line !== "").length, err: stderr };
};

describe("an import says what it could not read, and where", () => {
  it("counts records of an unknown type and lines that were cut, and brings in the rest", () => {
    const { code, events, err } = dry(["claude-code", ...pathsOf("claude-code")]);
    expect([code, events > 50]).toEqual([0, true]);
    expect(err).toMatch(/88 records read, 80 mapped, 8 skipped/);
    expect(err).toMatch(/skipped 4: type "brand-new" is not known \(.*11111111-.*\.jsonl:20/);
    expect(err).toMatch(/skipped 4: not JSON \(a line cut off, or a merge conflict\) \(.*\.jsonl:19/);
  });

  it("reads plain text under the name of a gzip, and says so when a gzip is damaged or none", () => {
    const line = JSON.stringify({ timestamp: 1_760_000_000_000, event_type: "note", agent_id: "a" });
    expect(dry(["ndjson", file("plain.ndjson.gz", `${line}\n`)])).toMatchObject({ code: 0, events: 1 });
    const packed = gzipSync(`${line}\n`.repeat(1_000));
    const cut = dry(["ndjson", file("cut.ndjson.gz", packed.subarray(0, packed.length / 2))]);
    expect([cut.code, cut.err]).toEqual([
      1,
      expect.stringMatching(/cut\.ndjson\.gz is a damaged or cut gzip file/),
    ]);
    const noise = dry([
      "ndjson",
      file("noise.gz", Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(500, 7)])),
    ]);
    expect([noise.code, noise.err]).toEqual([
      1,
      expect.stringMatching(/noise\.gz is a damaged or cut gzip file/),
    ]);
  });

  it("says what to name instead of a folder without anything to import, an empty file, or nothing", () => {
    const empty = join(folder.path, "empty");
    mkdirSync(empty);
    writeFileSync(join(empty, "notes.txt"), "nothing");
    for (const format of ["beads", "gastown", "ndjson"]) {
      expect(dry([format, empty])).toMatchObject({
        code: 1,
        err: expect.stringContaining("holds no .jsonl or .ndjson"),
      });
      expect(dry([format])).toMatchObject({
        code: 2,
        err: expect.stringContaining("name the files to import"),
      });
    }
    expect(dry(["claude-code", empty])).toMatchObject({
      code: 1,
      err: expect.stringContaining("/.claude/projects"),
    });
    const blank = file("blank.jsonl", "\n\n");
    for (const format of ["beads", "gastown", "ndjson", "claude-code"])
      expect(dry([format, blank])).toMatchObject({
        code: 1,
        err: expect.stringContaining("the files are empty"),
      });
    expect(dry(["beads", join(folder.path, "nowhere")])).toMatchObject({
      code: 1,
      err: expect.stringContaining("there is no such file or folder"),
    });
  });

  it("names a file and a folder that it may not read", () => {
    // Root may read everything, but for what makes it root.
    const program =
      process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all", ...DIRECT] : DIRECT;
    const [command = "", ...first] = program;
    const path = file("locked.jsonl", "{}");
    const closed = join(folder.path, "closed");
    mkdirSync(closed);
    chmodSync(path, 0);
    chmodSync(closed, 0);
    for (const [format, what] of [
      ["beads", path],
      ["claude-code", path],
      ["claude-code", closed],
      ["beads", closed],
    ] as const) {
      const args = [...first, "import", format, what, "--dry-run"];
      const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
      expect([format, status, stderr]).toEqual([format, 1, expect.stringContaining("no permission")]);
      expect(stderr).toContain(what);
      expect(stderr).not.toContain("    at ");
    }
  });

  it("brings in one's own transcripts when nothing is named", () => {
    const home = join(folder.path, "me");
    const [written] = miniatureFiles(join(home, ".claude"));
    expect(written?.paths).toEqual([join(home, ".claude", "projects")]);
    const found = dry(["claude-code"], { HOME: home, CLAUDE_CONFIG_DIR: "" });
    expect([found.code, found.err]).toEqual([0, expect.stringContaining("88 records read, 80 mapped")]);
    const moved = dry(["claude-code"], { HOME: folder.path, CLAUDE_CONFIG_DIR: join(home, ".claude") });
    expect(moved.events).toBe(found.events);
    const none = dry(["claude-code"], { HOME: join(folder.path, "empty"), CLAUDE_CONFIG_DIR: "" });
    expect([none.code, none.err]).toEqual([
      1,
      expect.stringMatching(/keeps nothing here \(.*empty\/\.claude\/projects.*Name the files/),
    ]);
  });
});

describe("what was found of several tools", () => {
  it("comes in the order of all their clocks, so that it can be played back", () => {
    const home = join(folder.path, "of-two-tools");
    const write = (path: string, lines: object[]): void => {
      mkdirSync(join(home, path, ".."), { recursive: true });
      writeFileSync(join(home, path), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    };
    const claude = (id: string, timestamp: string) =>
      write(`.claude/projects/-home-a-shop/${id}.jsonl`, [
        {
          type: "user",
          uuid: `${id}-1`,
          sessionId: id,
          timestamp,
          cwd: "/home/a/shop",
          message: { role: "user", content: "x" },
        },
      ]);
    claude("11111111-0000-4000-8000-000000000001", "2026-01-01T10:00:00.000Z");
    claude("22222222-0000-4000-8000-000000000002", "2026-03-01T10:00:00.000Z");
    write(".pi/agent/sessions/--home-a--/one.jsonl", [
      { type: "session", version: 3, id: "pi-1", timestamp: "2026-02-01T10:00:00.000Z", cwd: "/home/a" },
      {
        type: "message",
        id: "m1",
        timestamp: "2026-02-01T10:00:01.000Z",
        message: { role: "user", content: "x" },
      },
    ]);
    const [program = "", ...first] = DIRECT;
    const none = { CLUSTERFORK_KEY: "", CLAUDE_CONFIG_DIR: "", PI_CODING_AGENT_DIR: "" };
    const { status, stdout } = spawnSync(program, [...first, "import", "--discover", "--dry-run"], {
      cwd: folder.path,
      env: { ...process.env, HOME: home, ...none },
      encoding: "utf8",
    });
    expect(status).toBe(0);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { timestamp: string; agent_id: string });
    const clocks = events.map(({ timestamp }) => timestamp);
    expect(clocks).toEqual(clocks.toSorted());
    const tools = events.map(({ agent_id }) => agent_id.split(":")[0]);
    expect(tools.filter((tool, place) => tool !== tools[place - 1])).toEqual([
      "claude-code",
      "pi",
      "claude-code",
    ]);
  });
});

describe("two imports at once", () => {
  let server: Running;
  beforeAll(async () => {
    server = await startServer(join(folder.path, "data"));
  });
  afterAll(() => server.stop());

  it.each(sources)("[L2] of $name store each event once, in its order", async ({ format, paths }) => {
    const once = await signUp(server.url, "Once");
    const twice = await signUp(server.url, "Twice");
    const run = (key: string, home: string, batch: number) =>
      runCommand(["import", format, ...paths, "--batch", String(batch)], {
        url: server.url,
        key,
        home: join(folder.path, home),
      }).ended;
    expect((await run(once.keys.ingest, once.project.id, 500)).code).toBe(0);
    // From one home, so that they share their note of how far they came.
    const both = await Promise.all([
      run(twice.keys.ingest, twice.project.id, 3),
      run(twice.keys.ingest, twice.project.id, 4),
    ]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const ids = async (key: string) => (await readLog(server.url, key)).map(({ id }) => id);
    expect(await ids(twice.keys.read)).toEqual(await ids(once.keys.read));
    const state = async (key: string): Promise<WireState> => (await readState(server.url, key)).state;
    expect(await state(twice.keys.read)).toEqual(await state(once.keys.read));
  });
});
