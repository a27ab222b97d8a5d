/** What a report is made of: read by the route, plain data from here on. All of it as the asker may see it. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { Row } from "../../../schema/metric/measure.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { Foretold } from "../../../schema/state/entity/forecast.ts";
import type { Task } from "../../../schema/state/entity/task.ts";

export interface Known {
  seq: number;
  now_ms: number;
  feature: Feature;
  /** Of it. */
  tasks: readonly Task[];
  /** All others at hand: what is alike is among them. */
  other_tasks: readonly Task[];
  features: readonly Feature[];
  forecasts: readonly Foretold[];
  /** Of the taxonomy, for this feature alone. */
  rows: readonly Row[];
  /** Events by type of the whole log: a rate of bugs says nothing where nobody reports any. */
  counts: ReadonlyMap<string, number>;
  hides_cost: boolean;
  lessons: readonly StoredEvent[];
  lessons_why: string | null;
}

/** When the feature ended; while it is open, now. */
export const endOf = ({ feature, now_ms }: Pick<Known, "feature" | "now_ms">): number =>
  feature.closed_at ?? now_ms;
