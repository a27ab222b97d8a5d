/** What a rule sees: something is so that somebody should look at it, since when, and by which events. */
import type { Days } from "../../../schema/metric/days.ts";
import type { Plan } from "../../../schema/metric/pip.ts";
import type { AlertFigures, Severity } from "../../../schema/state/entity/alert.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Finding } from "../../insight/anomaly/finding.ts";
import type { Steadiness } from "./heard.ts";
import type { Recent } from "./recent.ts";

export interface Condition extends AlertFigures {
  severity: Severity;
  title: string;
  /** What happened, since when, and what to do next. One or two sentences. */
  message: string;
  metric: string | null;
  /** Whom and what it is about: with the rule, what makes two conditions the same one. */
  agent_id: string | null;
  task_id: string | null;
  feature_id: string | null;
  /** The file that it is about: no words name it, for links that hide names show them. */
  path?: string | null;
  /** Event time, ms. */
  since_ms: number;
  /** When time alone makes it more severe, ms; null: never. */
  worse_ms: number | null;
  /** The seqs of the events that say so. */
  evidence: readonly number[];
  /** It is none before, ms, though it will be if nothing happens. Absent: after the rule's hold_ms. */
  due_ms?: number;
  /** Tells its episodes from others of the rule, where neither evidence nor time does. */
  apart?: string;
}

export interface Scene {
  state: ProjectState;
  recent: Recent;
  /** The Worker's clock, ms. */
  now_ms: number;
  /** What is out of the ordinary now (insight/anomaly). */
  findings: readonly Finding[];
  /** The last whole days as measured, the oldest first. */
  days: Days;
  /** By agent. */
  plans: ReadonlyMap<string, Plan>;
  /** Null: it does not send steadily, as far as is known. */
  steady: Steadiness | null;
}

export interface Rule {
  /** As alerts name it. */
  id: string;
  /** A condition younger than this is not told: most pass by themselves. */
  hold_ms: number;
  /** An alert is cleared when its condition was away for so long: what flickers stays one alert. */
  clear_ms: number;
  /** Why people may believe it: when it is wrong, and how often that can be. */
  believable: string;
  /** Its words tell how long something lasts: they are renewed though nothing comes, and it waits for history that still arrives. */
  ages?: true;
  conditions(scene: Scene): Iterable<Condition>;
}

export const MINUTE_MS = 60_000;

/** A condition without figures about nothing in particular, to be completed. */
export const BARE = {
  metric: null,
  agent_id: null,
  task_id: null,
  feature_id: null,
  value: null,
  target: null,
  samples: null,
  worse_ms: null,
} as const;
