/**
 * One project at ten times its limits beside a quiet one, in turns with
 *
 *   - the quiet one alone;
 *   - the quiet one while the same noise goes to a process that is nothing of the product (bare.ts): what sending takes
 *     of this machine, which is what the bound is held against, for it is asked of the product;
 *   - a neighbour who keeps to his limits: what that one costs is the share that anybody may take of a machine.
 */
import { median, quantile } from "../bench/machine.ts";
import { signUp } from "../e2e/account.ts";
import { startBare } from "./bare.ts";
import { knock, type Answers } from "./knock.ts";
import { batchOf, makeNoise } from "./noise.ts";
import { serve } from "./served.ts";
import type { Context, Scenario } from "./scenario.ts";

/** Lowered, so that ten times as much is no work for this machine's sender. */
const LIMITS = { MAX_EVENTS_PER_SECOND_PER_PROJECT: "500", MAX_REQUESTS_PER_SECOND_PER_KEY: "50" };
const LIMIT_PER_SECOND = Number(LIMITS.MAX_REQUESTS_PER_SECOND_PER_KEY);
const TIMES = 10;
/** So that events too come at their limit, or at ten times of it. */
const NOISE_BATCH = Number(LIMITS.MAX_EVENTS_PER_SECOND_PER_PROJECT) / LIMIT_PER_SECOND;
const NOISE_CONNECTIONS = 32;
const QUIET_PER_SECOND = 40;
const WINDOWS = 7;
/** 320 answers: the p99 is the fourth slowest. */
const WINDOW_MS = 8_000;
const QUICK_WINDOW_MS = 1_500;
/** Until the noise has spent its burst of two seconds; at its limit it has none to spend. */
const WARM_UP_MS = 1_000;
/** The quiet one's p99 with a noisy neighbour, at most so many times its own while the same noise goes elsewhere. */
const MAX_RATIO = 2;

export const noisyNeighbour: Scenario = {
  name: "noisy-neighbour",
  proves:
    "a project at ten times its limits hears 429 with Retry-After, and its neighbour's p99 stays under twice its own",
  invariants: ["V2"],
  run,
};

async function run({ quick, times, report }: Context): Promise<void> {
  const server = await serve({ env: LIMITS });
  const bare = await startBare();
  try {
    const noisy = { url: server.url, key: (await signUp(server.url, "Noisy")).keys.ingest };
    const quiet = { url: server.url, key: (await signUp(server.url, "Quiet")).keys.ingest };
    const window_ms = quick ? QUICK_WINDOW_MS : WINDOW_MS;
    const listen = (name: string) =>
      knock(
        { ...quiet, body: batchOf(`q${name}`, 1), per_second: QUIET_PER_SECOND, connections: 8 },
        window_ms,
      );
    /** The quiet one beside the other project at so many times its limit; also what that one heard. */
    const listenBeside = async (name: string, times: number, to = noisy): Promise<[Answers, Answers]> => {
      const loud = makeNoise({
        ...to,
        name: `n${name}`,
        batch: NOISE_BATCH,
        per_second: times * LIMIT_PER_SECOND,
        connections: NOISE_CONNECTIONS,
        duration_ms: WARM_UP_MS + window_ms,
      });
      await new Promise((wake) => setTimeout(wake, WARM_UP_MS));
      return [await listen(name), await loud];
    };
    const alone: Answers[] = [];
    const elsewhere: Answers[] = [];
    const polite: Answers[] = [];
    const beside: Answers[] = [];
    const noise: Answers[] = [];
    await listenBeside("warm", 1);
    for (let nth = 0; nth < (times ?? (quick ? 1 : WINDOWS)); nth += 1) {
      alone.push(await listen(`a${nth}`));
      elsewhere.push((await listenBeside(`e${nth}`, TIMES, { ...noisy, url: bare.url }))[0]);
      if (!quick) polite.push((await listenBeside(`p${nth}`, 1))[0]);
      const [heard, loud] = await listenBeside(`b${nth}`, TIMES);
      beside.push(heard);
      noise.push(loud);
    }
    expectQuiet([...alone, ...elsewhere, ...polite, ...beside]);
    expectRefused(noise, report);
    const [alone_ms, own_ms, polite_ms, beside_ms] = [alone, elsewhere, polite, beside].map(medianP99) as [
      number,
      number,
      number,
      number,
    ];
    const ratio = beside_ms / own_ms;
    const told = (ms: number) => `${ms.toFixed(1)} ms: × ${(ms / own_ms).toFixed(2)}`;
    report("quiet p99 alone", told(alone_ms));
    report("while the noise goes elsewhere", `${told(own_ms)} (medians of ${alone.length})`);
    report("beside the noise", told(beside_ms));
    // One short window says nothing about a p99.
    if (quick) return;
    report("beside who keeps to his limit", told(polite_ms));
    if (ratio >= MAX_RATIO) throw new Error(`the neighbour's p99 is ${ratio.toFixed(2)} times its own`);
  } finally {
    bare.end();
    await server.end();
  }
}

const medianP99 = (windows: readonly Answers[]): number =>
  median(windows.map(({ latencies_ms }) => quantile(latencies_ms, 0.99)));

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
  const most = LIMIT_PER_SECOND * (noise_ms / 1_000 + 2 * windows.length + 1);
  if (refused === 0 || taken > most) throw new Error(`${taken} of ${all} were taken, at most ${most} may be`);
}
