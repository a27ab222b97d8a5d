/**
 * A share link's way of seeing: everything that leaves the house for a link
 * passes its lens, in the room (log, state, stream) and in the Worker (archive,
 * past). Both make the same lens from the link's id and scope.
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import type { Grouping, Row } from "../../schema/metric/measure.ts";
import { redactRows } from "../../schema/metric/redact.ts";
import { encodeState } from "../../schema/state/encode.ts";
import { redactAgent, redactFeature, redactTask, redactUsage } from "../../schema/state/redact.ts";
import { shareEvent, shareState, type ShareScope } from "../../schema/state/share.ts";
import type { Agent } from "../../schema/state/entity/agent.ts";
import type { Feature } from "../../schema/state/entity/feature.ts";
import type { ProjectState, WireState } from "../../schema/state/state.ts";
import type { Task } from "../../schema/state/entity/task.ts";
import type { Usage } from "../../schema/state/entity/usage.ts";
import { createAlias } from "./alias.ts";

export interface Lens {
  readonly share_id: string;
  readonly scope: ShareScope;
  /** Whether earlier events may be read, and not only those to come (schema/wire/share.ts, `/v1/events`). */
  readonly showsLog: boolean;
  /** Whether what left the live state may be read. */
  readonly showsPast: boolean;
  /** The stored event's JSON as the link shows it; empty for a forgotten one. */
  line(text: string): string;
  /** The names among these whose alias is `alias`, as the link shows names: at most one. */
  nameOf(alias: string, names: Iterable<string>): string | null;
  wire(state: WireState): WireState;
  /** JSON of a WireState. */
  stateText(state: ProjectState): string;
  entity<K extends keyof EntityOf>(kind: K, entity: EntityOf[K]): EntityOf[K];
  usage(usage: Usage): Usage;
  rows<R extends Pick<Row, "metric" | "group">>(rows: readonly R[], by: Grouping | undefined): R[];
}

interface EntityOf {
  task: Task;
  feature: Feature;
  agent: Agent;
}

export function createLens(key_secret: string, share_id: string, scope: ShareScope): Lens {
  const alias = createAlias(key_secret, share_id);
  const view = { policy: scope.policy, alias };
  const redact: { [K in keyof EntityOf]: (entity: EntityOf[K]) => EntityOf[K] } = {
    task: (task) => redactTask(task, view),
    feature: (feature) => redactFeature(feature, view),
    agent: (agent) => redactAgent(agent, view),
  };
  return {
    share_id,
    scope,
    showsLog: scope.views.includes("events") || scope.views.includes("history"),
    showsPast: scope.views.includes("history"),
    line(text) {
      if (text === "") return "";
      // The log holds what the room wrote.
      return JSON.stringify(shareEvent(JSON.parse(text) as StoredEvent, scope, alias));
    },
    nameOf(shown, names) {
      for (const name of names) if ((scope.policy.name ? alias(name) : name) === shown) return name;
      return null;
    },
    wire: (state) => shareState(state, scope, alias),
    stateText: (state) => JSON.stringify(shareState(encodeState(state), scope, alias)),
    entity: (kind, entity) => redact[kind](entity),
    usage: (usage) => redactUsage(usage, view),
    rows: (rows, by) => redactRows(rows, by, scope.policy, alias),
  };
}
