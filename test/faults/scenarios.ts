import { alarm } from "./alarm.ts";
import { busy } from "./busy.ts";
import { diskFull } from "./disk-full.ts";
import { kill } from "./kill.ts";
import type { Scenario } from "./scenario.ts";

/** In the order in which `npm run faults` runs them. */
export const SCENARIOS: readonly Scenario[] = [kill, busy, diskFull, alarm];
