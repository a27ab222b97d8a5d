import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { expandPaths } from "./lines.ts";
import { Tally } from "./outgoing.ts";
import { findFiles } from "./walk.ts";

const folder = mkdtempSync(join(tmpdir(), "clusterfork-walk-"));
const at = (...names: string[]): string => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => {
  mkdirSync(at("kept"));
  mkdirSync(at("elsewhere"));
  writeFileSync(at("kept", "a.jsonl"), "{}");
  writeFileSync(at("elsewhere", "b.jsonl"), "{}");
  symlinkSync(at("elsewhere", "b.jsonl"), at("kept", "b.jsonl"));
  symlinkSync(at("kept"), at("kept", "circle"));
  symlinkSync(at("kept", "itself.jsonl"), at("kept", "itself.jsonl"));
  execFileSync("mkfifo", [at("kept", "pipe.jsonl")]);
});

it("reads files behind links, says where a link goes to a folder or nowhere, and leaves pipes alone", () => {
  const tally = new Tally();
  const found = findFiles([folder + "/kept"], (path) => path.endsWith(".jsonl"), tally);
  expect(found).toEqual([at("kept", "a.jsonl"), at("kept", "b.jsonl")]);
  expect(Object.fromEntries(tally.notes)).toEqual({
    "a link to a folder: name it, and it is read too": 1,
    "a link that leads nowhere": 1,
  });
});

it.each(["pipe", "endless device"])(
  "says at once what to do with a named %s, which it could not read to its end",
  (what) => {
    const path = what === "pipe" ? at("kept", "pipe.jsonl") : "/dev/zero";
    const read = () => findFiles([path], () => true, new Tally());
    expect(read).toThrow(/neither a file nor a folder.*`clusterfork import FORMAT -`/);
    expect(() => expandPaths([path])).toThrow(/neither a file nor a folder/);
  },
);

it("leaves pipes out of a folder of lines", () => {
  rmSync(at("kept", "itself.jsonl"));
  expect(expandPaths([at("kept")])).toEqual([at("kept", "a.jsonl"), at("kept", "b.jsonl")]);
});
