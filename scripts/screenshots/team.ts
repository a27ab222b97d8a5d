/** A team of its own on an empty server: one seed, hours of work that end now, a budget, and a sprint under way. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../bootstrap/root.mjs";
import { Stop } from "../bootstrap/say.mjs";

const HOUR_MS = 3_600_000;
/** Three days, and the middle of a sprint of three hours: enough to foretell by, and enough of it open to see. */
const WORKED_MS = 76.7 * HOUR_MS;
const TEAM = ["--seed", "3", "--features", "endless", "--no-nights", "--coders", "5", "--quiet"];
const BUDGET_USD = 600;

export interface Team {
  /** Address of the project's pages. */
  path: string;
  /** Of the sprint, the one with the most left to do. */
  feature: string;
  /** `name=value; …` of the session. */
  cookie: string;
  url: string;
}

interface Foretold {
  feature_id: string;
  open_tasks: number;
}
interface SignedUp {
  team: { slug: string };
  project: { id: string; slug: string };
  keys: { ingest: string };
}

/**
 * `budget`: the month has one from the beginning, so that its days are counted. The log begins with it then, now, and
 * the time slider has no room for the days that come after it in the log and before it in time.
 */
export async function prepareTeam(url: string, home: string, { budget }: { budget: boolean }): Promise<Team> {
  const reply = await fetch(`${url}/api/signup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      team: "Harbour",
      email: `${budget ? "maya" : "noor"}@example.com`,
      password: "correct horse battery staple",
    }),
  });
  if (reply.status !== 201) throw new Stop(`Sign-up answered ${reply.status}.`);
  const cookie = reply.headers
    .getSetCookie()
    .map((text) => text.split(";")[0])
    .join("; ");
  const { team, project, keys } = (await reply.json()) as SignedUp;
  if (budget) {
    const set = await fetch(`${url}/api/projects/${project.id}/budgets`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie, origin: url },
      body: JSON.stringify({ scope: "project", period: "month", limit_usd: BUDGET_USD }),
    });
    if (!set.ok) throw new Stop(`Setting a budget answered ${set.status}.`);
  }
  await simulate(url, keys.ingest, home);
  const asked = await fetch(`${url}/api/projects/${project.id}/forecast`, { headers: { cookie } });
  const { sprint } = (await asked.json()) as { sprint: { features: Foretold[] } | null };
  const [feature] = (sprint?.features ?? []).toSorted((a, b) => b.open_tasks - a.open_tasks);
  if (feature === undefined) throw new Stop("The simulated team has no sprint.");
  return { url, cookie, feature: feature.feature_id, path: `${url}/${team.slug}/${project.slug}` };
}

async function simulate(url: string, key: string, home: string): Promise<void> {
  const start = new Date(Date.now() - WORKED_MS).toISOString();
  const command = [
    join(ROOT, "cli/bin/clusterfork.js"),
    "simulate",
    ...TEAM,
    "--start",
    start,
    "--until",
    "now",
  ];
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      CLUSTERFORK_URL: url,
      CLUSTERFORK_KEY: key,
      XDG_CONFIG_HOME: home,
      XDG_STATE_HOME: home,
    },
  });
  const code = await new Promise<number | null>((done) => child.once("close", done));
  if (code !== 0) throw new Stop(`The simulated team ended with ${String(code)}.`);
}
