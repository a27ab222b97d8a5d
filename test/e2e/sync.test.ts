/** `clusterfork sync` and `verify` as built, against the built server. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { send, signUp } from "./account.ts";
import { runCommand } from "./command.ts";
import { dataFolder, startServer, type Running } from "./server.ts";

const folder = dataFolder();
const home = dataFolder();
let server: Running | undefined;
afterAll(async () => {
  await server?.stop();
  folder.remove();
  home.remove();
});

it("[L5] keeps the chain in git with a read key, and verify compares it with the server", async () => {
  server = await startServer(folder.path);
  const { url } = server;
  const { keys, project } = await signUp(url, "Chain in git");
  const dir = join(home.path, "repository", "chain");
  mkdirSync(dir, { recursive: true });
  const git = (...args: string[]) => execFileSync("git", ["-C", dir, ...args], { encoding: "utf8" });
  git("init", "--quiet", "..");
  git("config", "user.name", "Sam");
  git("config", "user.email", "sam@example.com");
  const append = (count: number) =>
    send(
      url,
      keys.ingest,
      Array.from({ length: count }, (_, i) => ({ event_type: "task_started", task_id: `T-${i}` })),
    );
  const command = (...args: string[]) => runCommand(args, { url, key: keys.read, home: home.path }).ended;

  await append(5);
  expect(await command("sync", dir)).toMatchObject({
    code: 0,
    out: expect.stringContaining("5 new events; head 5:"),
  });
  await append(3);
  expect(await command("sync", dir)).toMatchObject({
    code: 0,
    out: expect.stringContaining("3 new events; head 8:"),
  });
  expect(git("rev-list", "--count", "HEAD").trim()).toBe("2");
  const chain = await fetch(`${url}/v1/chain`, { headers: { authorization: `Bearer ${keys.read}` } });
  const { public_key, hash } = (await chain.json()) as { public_key: string; hash: string };
  expect(await command("verify", dir, "--public-key", public_key)).toMatchObject({
    code: 0,
    out: expect.stringMatching(new RegExp(`whole: 8 events; head 8:${hash}[^]*the same as at ${url}`)),
  });
  expect(await command("verify", url, "--head", `8:${hash}`)).toMatchObject({
    code: 0,
    out: expect.stringContaining(`signed by ${public_key}`),
  });

  const events = join(dir, "events", project.id);
  const day = join(events, readdirSync(events).findLast((name) => /^\d/.test(name)) ?? "");
  const text = readFileSync(day, "utf8");
  writeFileSync(day, text.replace(/("seq":7,.*)task_started/, "$1task_stopped"));
  expect(await command("verify", dir)).toMatchObject({
    code: 1,
    err: expect.stringContaining("broken at seq 7"),
  });
  expect(await command("sync", dir)).toMatchObject({
    code: 1,
    err: expect.stringContaining("git checkout HEAD"),
  });
  writeFileSync(day, text);

  await server.stop();
  server = undefined;
  expect(await command("verify", dir, "--offline")).toMatchObject({ code: 0 });
  expect(await command("verify", dir)).toMatchObject({
    code: 3,
    err: expect.stringContaining("could not be asked"),
  });
});
