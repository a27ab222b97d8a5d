/** What is measured, and what is asked of it. */
import type { Feature } from "../state/entity/feature.ts";
import type { Task } from "../state/entity/task.ts";
import type { Cell } from "./cell.ts";
import type { ComplexityBounds } from "./complexity.ts";
import type { Learned } from "./learned.ts";
import type { Slot } from "./tally.ts";
import type { Range, Snap, WindowName } from "./window.ts";

/** What is known: from the room, or from the archive. */
export interface Known {
  slots: Iterable<
    Pick<Slot, "start_ms" | "span_ms"> & { cells: ReadonlyMap<string, Cell> | readonly Cell[] }
  >;
  /** Those whose facts are in no slot. */
  tasks: Iterable<Task>;
  features: Iterable<Feature>;
  snap: Snap;
  /** From when on all tasks that were at work are at hand, ms. Absent: they are not, and nothing is shared. */
  tasks_from?: number | undefined;
  /** What was learned of like work; absent where nobody knows. */
  learned?: Learned | undefined;
  /** Event time of the first event, ms; null before it. */
  first_ms: number | null;
}

export const GROUPINGS = ["feature", "role", "agent", "model", "kind", "complexity"] as const;
export type Grouping = (typeof GROUPINGS)[number];
export type Filter = Partial<Record<Grouping, string>>;

export interface Ask {
  now_ms: number;
  window: WindowName | Range;
  by?: Grouping | undefined;
  filter?: Filter | undefined;
  /** Ids; absent: all. */
  metrics?: readonly string[] | undefined;
  /** A line over the window beside each value, of about so many steps: MIN_POINTS to MAX_POINTS. */
  points?: number | undefined;
  /** Whose the cost is, beside its rows, where features are told apart (`attribution.ts`). */
  attribute?: boolean | undefined;
  /** What each group did besides closing tasks, beside its rows. */
  did?: boolean | undefined;
  /** Caps that the project set, by metric. Each group is held against them by itself. */
  targets?: ReadonlyMap<string, number> | undefined;
  /**
   * For tasks and features at hand; what is in slots was sorted by the usual bounds: events when they came, what left
   * the live state, and all of the archive.
   */
  complexity?: ComplexityBounds | undefined;
}

/** What a project set for its metrics. */
export type Held = Pick<Ask, "targets" | "complexity">;

/** The same, for who looks at it again and again. Another object says that it is another. */
export interface Measuring {
  readonly held: Held;
  /** Cheap where it was read lately. Meets its own failures. */
  refresh(now_ms: number): Promise<void>;
}
export const NOTHING_SET: Measuring = { held: {}, refresh: () => Promise.resolve() };

/** Without features there is nobody to share among. */
export function isAttributed(ask: Ask): boolean {
  return ask.attribute === true && subjectsAsked(ask).includes("feature");
}

/** What has to be told apart for an answer. */
export function subjectsAsked({ by, filter = {} }: Ask): Grouping[] {
  const filtered = GROUPINGS.filter((name) => filter[name] !== undefined);
  return by === undefined ? filtered : [...filtered, by];
}
