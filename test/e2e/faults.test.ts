/** A small part of each scenario of `npm run faults`: the served product under hostile conditions. */
import { expect, it } from "vitest";
import { alarm } from "../faults/alarm.ts";
import { busy } from "../faults/busy.ts";
import { d1Outage } from "../faults/d1-outage.ts";
import { diskFull } from "../faults/disk-full.ts";
import { kill } from "../faults/kill.ts";
import { manySockets } from "../faults/many-sockets.ts";
import { noisyNeighbour } from "../faults/noisy-neighbour.ts";
import { play, type Scenario } from "../faults/scenario.ts";
import { SCENARIOS } from "../faults/scenarios.ts";
import { slowViewer } from "../faults/slow-viewer.ts";

/** Always the same, as `npm test` should be; `npm run faults` draws another each time. */
const SEED = 11;

/** Titles are written out: the contract that every invariant is cited reads them (contract/invariants.test.ts). */
const QUICK: [title: string, scenario: Scenario][] = [
  ["[L1][L2][L4][L5][B3] kill: SIGKILL of everything under load loses nothing and doubles nothing", kill],
  [
    "[L1][L2][L4][B1][B3][V1] busy: locked database files are 503, and afterwards all goes on by itself",
    busy,
  ],
  [
    "[L1][L2][L4][L5][B3] disk-full: a full disk is 503, loses nothing, and needs no restart once it is freed",
    diskFull,
  ],
  ["[B1][B2][B3][L1] d1-outage: without D1 appends go on, and it catches up without a request", d1Outage],
  ["[B1][B3] alarm: one that failed comes again by itself, and all is archived without a request", alarm],
  ["[V1][V2] slow-viewer: viewers that stop reading hold little, and others see every seq once", slowViewer],
  [
    "[V1][V2] many-sockets: some hundred viewers come, see every seq once, and nothing of them stays",
    manySockets,
  ],
  [
    "[V2] noisy-neighbour: ten times its limits is 429 with Retry-After, and its neighbour is served",
    noisyNeighbour,
  ],
];

it.for(QUICK)("%s", { timeout: 120_000 }, async ([, scenario], { skip }) => {
  const { missing, error } = await play(scenario, { quick: true, seed: SEED });
  if (missing !== null) skip(missing);
  if (error !== null) throw error;
});

it("every scenario has its title here, with its invariants", () => {
  const cited = QUICK.map(([title, { name }]) => [
    name,
    title.split(" ")[1],
    [...title.matchAll(/\[([A-Z]\d)\]/g)].map(([, number]) => number),
  ]);
  expect(cited).toEqual(SCENARIOS.map(({ name, invariants }) => [name, `${name}:`, invariants]));
});
