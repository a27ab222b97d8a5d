import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { build, configuredCommand, featureId } from "./build.ts";
import { splitCommand } from "./child.ts";

const folder = mkdtempSync(join(tmpdir(), "clusterfork-build-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("makes a readable id that the same request always gets and another one never", () => {
  expect(featureId("Add user authentication!")).toMatch(/^add-user-authentication-[0-9a-f]{6}$/);
  expect(featureId(" Add user authentication! ")).toBe(featureId("Add user authentication!"));
  expect(featureId("Add user authentication?")).not.toBe(featureId("Add user authentication!"));
  expect(featureId("日本語")).toMatch(/^[0-9a-f]{6}$/);
  expect(featureId("x".repeat(5_000)).length).toBeLessThan(60);
});

it("takes the command from the environment, then from the file, and says where it may stand", () => {
  const path = join(folder, "clusterfork.json");
  expect(() => configuredCommand({}, path)).toThrow(/after `--`/);
  writeFileSync(path, '{"build":["node","agents.js"],"other":1}');
  expect(configuredCommand({}, path)).toEqual(["node", "agents.js"]);
  expect(configuredCommand({ CLUSTERFORK_BUILD_COMMAND: "make" }, path)).toBe("make");
  for (const text of ["{", "[]", '{"build":[]}', '{"build":3}']) {
    writeFileSync(path, text);
    expect(() => configuredCommand({}, path)).toThrow(/must be JSON with "build"/);
  }
});

it("keeps what stands after -- for the command", async () => {
  expect(splitCommand(["a", "--", "b", "--", "c"])).toEqual({ own: ["a"], command: ["b", "--", "c"] });
  await expect(build(["--", "true"])).rejects.toThrow(/quote the request/);
});
