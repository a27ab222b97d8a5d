/** What `npm run deploy` would put on Cloudflare, as far as it can be seen without an account. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

it("a dry run needs no account, and binds everything that production has", () => {
  const { CLOUDFLARE_API_TOKEN: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync("node", ["scripts/deploy.mjs", "--dry-run"], {
    cwd: ROOT,
    env,
    encoding: "utf8",
  });
  expect(stderr).not.toMatch(/error/i);
  expect(status).toBe(0);
  const bound = Object.fromEntries(
    Array.from(stdout.matchAll(/^env\.(\w+)[^\n]*?  +(\S[^\n]*?)\s*$/gm), ([, name, kind]) => [name, kind]),
  );
  expect(bound).toEqual({
    ROOM: "Durable Object",
    LESSON_BOOK: "Durable Object",
    CHAIN_AUDIT: "Workflow",
    REFLECTION: "Workflow",
    DB: "D1 Database",
    LESSON_INDEX: "Vectorize Index",
    AI: "AI",
    KEY_RATE_LIMIT: "Rate Limit",
    ATTEMPT_RATE_LIMIT: "Rate Limit",
    ASSETS: "Assets",
    CLIENT_ADDRESS_HEADER: "Environment Variable",
  });
});
