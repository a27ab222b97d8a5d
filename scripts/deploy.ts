import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bootstrap/root.mjs";
import { run, Stop } from "./bootstrap/say.mjs";
import { build } from "./build/build.ts";
import { QUIET } from "./build/quiet.ts";

const PRODUCTION = ["--env", "production"];

function wrangler(...args: string[]): void {
  const bin = join(ROOT, "node_modules/.bin/wrangler");
  const done = spawnSync(bin, [...args, ...PRODUCTION], {
    cwd: ROOT,
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      PATH: `${join(ROOT, "node_modules/.bin")}:${process.env.PATH ?? ""}`,
      ...QUIET,
    },
  });
  if (done.status !== 0) throw new Stop(`wrangler ${args.join(" ")} failed. Its words are above.`);
}

const SET_UP = `Once per account, before the first deployment:

  npx wrangler login                                # or CLOUDFLARE_API_TOKEN in the environment
  npx wrangler d1 create clusterfork                # its id belongs into [env.production] of wrangler.toml
  npx wrangler vectorize create clusterfork-lessons --dimensions=768 --metric=cosine
  # Before the first lesson: what came earlier is not filtered by them.
  for name in embedder reach category status; do
    npx wrangler vectorize create-metadata-index clusterfork-lessons --property-name=$name --type=string
  done`;

const SECRETS = `Secrets are set once, and never changed while keys are in use:

  openssl rand -base64 32 | npx wrangler secret put AUTH_SECRET --env production
  openssl rand -base64 32 | npx wrangler secret put KEY_SECRET --env production

Until both are set, sign-in and API keys are refused.`;

/** `npm run deploy`: builds, migrates D1, deploys. `--dry-run` stops before anything that needs an account. */
await run(async () => {
  const dryRun = process.argv.includes("--dry-run");
  await build();
  if (dryRun) {
    wrangler("deploy", "--dry-run");
    return;
  }
  const production = readFileSync(join(ROOT, "wrangler.toml"), "utf8").split("[env.production]")[1] ?? "";
  if (production.includes('database_id = "00000000-'))
    throw new Stop(
      `[env.production] of wrangler.toml still has the placeholder of the database's id.\n\n${SET_UP}`,
    );
  // Before the code that needs them; migrations only add, so the old code runs on.
  wrangler("d1", "migrations", "apply", "DB", "--remote");
  wrangler("deploy");
  console.log(`\n${SECRETS}`);
});
