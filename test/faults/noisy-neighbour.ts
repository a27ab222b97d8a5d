/** One project at ten times its limits beside a quiet one, in turns with the quiet one alone. */
import { median, quantile } from "../bench/machine.ts";
import { signUp } from "../e2e/account.ts";
import { knock, type Answers } from "./knock.ts";
import { serve } from "./served.ts";
import type { Context, Scenario } from "./scenario.ts";

/** Lowered, so that ten times as much is no work for this machine's sender. */
const LIMITS = { MAX_EVENTS_PER_SECOND_PER_PROJECT: "250", MAX_REQUESTS_PER_SECOND_PER_KEY: "25" };
const TIMES = 10;
const NOISE_PER_SECOND = TIMES * Number(LIMITS.MAX_REQUESTS_PER_SECOND_PER_KEY);
/** So that events too come at ten times their limit. */
const NOISE_BATCH = (TIMES * Number(LIMITS.MAX_EVENTS_PER_SECOND_PER_PROJECT)) / NOISE_PER_SECOND;
const QUIET_PER_SECOND = 20;
const WINDOWS = 7;
const WINDOW_MS = 5_000;
const QUICK_WINDOW_MS = 1_500;
/** Until the noise has spent its burst of two seconds. */
const WARM_UP_MS = 1_000;
/** The quiet one's p99 with a noisy neighbour, at most so many times its own. */
const MAX_RATIO = 2;

export const noisyNeighbour: Scenario = {
  name: "noisy-neighbour",
  proves:
    "a project at ten times its limits hears 429 with Retry-After, and its neighbour's p99 stays under twice its own",
  invariants: ["V2"],
  run,
};

async function run({ quick, report }: Context): Promise<void> {
  const server = await serve({ env: LIMITS });
  try {
    const noisy = { url: server.url, key: (await signUp(server.url, "Noisy")).keys.ingest };
    const quiet = { url: server.url, key: (await signUp(server.url, "Quiet")).keys.ingest };
    const window_ms = quick ? QUICK_WINDOW_MS : WINDOW_MS;
    const listen = (name: string) =>
      knock(
        { ...quiet, body: batchOf(`q${name}`, 1), per_second: QUIET_PER_SECOND, connections: 8 },
        window_ms,
      );
    const alone: Answers[] = [];
    const beside: Answers[] = [];
    const noise: Answers[] = [];
    await listen("warm");
    for (let nth = 0; nth < (quick ? 1 : WINDOWS); nth += 1) {
      alone.push(await listen(`a${nth}`));
      const duration_ms = WARM_UP_MS + window_ms;
      const load = { body: batchOf(`n${nth}`, NOISE_BATCH), per_second: NOISE_PER_SECOND, connections: 32 };
      const loud = knock({ ...noisy, ...load }, duration_ms);
      await new Promise((wake) => setTimeout(wake, WARM_UP_MS));
      beside.push(await listen(`b${nth}`));
      noise.push(await loud);
    }
    expectQuiet([...alone, ...beside]);
    expectRefused(noise, report);
    const [own, besides] = [alone, beside].map((windows) =>
      median(windows.map(({ latencies_ms }) => quantile(latencies_ms, 0.99))),
    );
    const ratio = (besides ?? 0) / (own ?? 1);
    report(
      "quiet p99",
      `${own?.toFixed(1)} ms alone, ${besides?.toFixed(1)} ms beside: × ${ratio.toFixed(2)} (medians of ${alone.length})`,
    );
    // One short window says nothing about a p99.
    if (!quick && ratio >= MAX_RATIO)
      throw new Error(`the neighbour's p99 is ${ratio.toFixed(2)} times its own`);
  } finally {
    await server.end();
  }
}

function batchOf(name: string, events: number): (n: number) => string {
  const timestamp = new Date().toISOString();
  return (n) =>
    JSON.stringify(
      Array.from({ length: events }, (_, i) => ({
        id: `${name}-${n}-${i}`,
        timestamp,
        event_type: "task_progress",
        agent_id: "coder-a",
        task_id: "T-1",
        metadata: { progress: 0.5, message: "The form now trims the address before it is compared." },
      })),
    );
}

function expectQuiet(windows: readonly Answers[]): void {
  for (const { by_status } of windows)
    if (by_status.size !== 1 || !by_status.has(200))
      throw new Error(`the quiet project was answered ${JSON.stringify([...by_status])}`);
}

function expectRefused(windows: readonly Answers[], report: Context["report"]): void {
  const counted = (status: number) =>
    windows.reduce((sum, { by_status }) => sum + (by_status.get(status) ?? 0), 0);
  const all = windows.reduce((sum, { latencies_ms }) => sum + latencies_ms.length, 0);
  const noise_ms = windows.reduce((sum, { took_ms }) => sum + took_ms, 0);
  const [taken, refused] = [counted(200), counted(429)];
  report("noisy project", `${all} requests, ${taken} taken, ${refused} refused`);
  report("requests per second of it", ((all * 1_000) / noise_ms).toFixed(0));
  if (taken + refused !== all) throw new Error("the noisy project heard something else than 200 and 429");
  if (windows.some(({ without_retry_after }) => without_retry_after > 0))
    throw new Error("a refusal did not say when to come back");
  const most = Number(LIMITS.MAX_REQUESTS_PER_SECOND_PER_KEY) * (noise_ms / 1_000 + 2 * windows.length + 1);
  if (refused === 0 || taken > most) throw new Error(`${taken} of ${all} were taken, at most ${most} may be`);
}
