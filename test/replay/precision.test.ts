/** How often each rule of the alerts is right, on simulated teams with and without what a detector should find. */
import { expect, it } from "vitest";
import { NOTHING_PLANTED, type Planted as Plants } from "../../cli/simulate/plant.ts";
import { simulate } from "../../cli/simulate/simulate.ts";
import { tenfold } from "../backtest/planted.ts";
import { listen } from "./listen.ts";
import { wasRight, type Planted } from "./recounted.ts";

const SEEDS = [1, 2, 3, 4, 5];
const HUNGRY_SPANS = 20;

interface Score {
  right: number;
  wrong: number;
}
/** Of one run: alerts by rule, and the truths that were found. */
interface Scored {
  tasks: number;
  rules: Map<string, Score>;
  found: number;
  truths: number;
}

function score(seed: number, plants: Partial<Plants>, makes_hungry = false): Scored {
  const { events: stream, truths } = simulate({
    ...{ seed, start_ms: Date.UTC(2026, 0, 5, 9), features: 60, coders: 4, nights: true },
    planted: { ...NOTHING_PLANTED, ...plants },
  });
  const drawn = [...stream];
  const fed = makes_hungry ? tenfold(drawn, HUNGRY_SPANS, seed) : { events: drawn, truths: [] };
  const looping = new Set(truths.flatMap(({ plant, task_id }) => (plant === "loop" ? [task_id ?? ""] : [])));
  const planted: Planted = {
    hungry: new Set(fed.truths.map(({ task_id }) => task_id)),
    looping,
    drifting: (plants.coder_tokens_percent ?? 0) > 0 ? "coder-b" : null,
    burning: (plants.burn_percent ?? 0) > 0,
  };
  const { alerts, tasks } = listen(fed.events);
  const rules = new Map<string, Score>();
  for (const raised of alerts) {
    const { rule } = raised.alert;
    const so_far = rules.get(rule) ?? { right: 0, wrong: 0 };
    so_far[wasRight(raised, fed.events, planted) ? "right" : "wrong"] += 1;
    rules.set(rule, so_far);
  }
  const told = (rule: RegExp, task_id: string) =>
    alerts.some(({ alert }) => rule.test(alert.rule) && alert.task_id === task_id);
  const wanted = [
    ...[...looping].map((task_id) => told(/^no_progress$/, task_id)),
    ...fed.truths.map(({ task_id }) => told(/^(token_use|task_tokens|task_cost)$/, task_id)),
  ];
  return { tasks, rules, found: wanted.filter(Boolean).length, truths: wanted.length };
}

const LOTS: [string, Partial<Plants>, boolean][] = [
  ["nothing planted", {}, false],
  ["loops", { loop_calls: 40 }, false],
  ["coder-b uses 15 % more", { coder_tokens_percent: 15 }, false],
  ["everybody uses 30 % more", { burn_percent: 30 }, false],
  [`${String(HUNGRY_SPANS)} spans of ten times the tokens`, {}, true],
];
/** Share of a lot's alerts that must be right: one wrong in ten is still read. */
const LEAST_RIGHT = 0.9;

for (const [name, plants, makes_hungry] of LOTS)
  it(`alerts are right: ${name}`, { timeout: 300_000 }, () => {
    const runs = SEEDS.map((seed) => score(seed, plants, makes_hungry));
    const rules = new Map<string, Score>();
    for (const run of runs)
      for (const [rule, { right, wrong }] of run.rules) {
        const sum = rules.get(rule) ?? { right: 0, wrong: 0 };
        rules.set(rule, { right: sum.right + right, wrong: sum.wrong + wrong });
      }
    const sum = (of: (run: Scored) => number) => runs.reduce((total, run) => total + of(run), 0);
    const right = [...rules.values()].reduce((total, one) => total + one.right, 0);
    const all = [...rules.values()].reduce((total, one) => total + one.right + one.wrong, 0);
    const found = sum((run) => run.found);
    const truths = sum((run) => run.truths);
    console.log(
      `${name}: ${sum((run) => run.tasks)} tasks, ${right} of ${all} alerts right, ${found} of ${truths} planted found;`,
      Object.fromEntries([...rules].map(([rule, one]) => [rule, `${one.right}/${one.right + one.wrong}`])),
    );
    expect(right / all).toBeGreaterThanOrEqual(LEAST_RIGHT);
    if (truths > 0) expect(found / truths).toBeGreaterThanOrEqual(0.95);
  });
