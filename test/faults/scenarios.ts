import { alarm } from "./alarm.ts";
import { busy } from "./busy.ts";
import { d1Outage } from "./d1-outage.ts";
import { diskFull } from "./disk-full.ts";
import { kill } from "./kill.ts";
import { manySockets } from "./many-sockets.ts";
import { noisyNeighbour } from "./noisy-neighbour.ts";
import type { Scenario } from "./scenario.ts";
import { slowViewer } from "./slow-viewer.ts";

/** In the order in which `npm run faults` runs them. */
export const SCENARIOS: readonly Scenario[] = [
  kill,
  busy,
  diskFull,
  d1Outage,
  alarm,
  slowViewer,
  manySockets,
  noisyNeighbour,
];
