/**
 * Everything the Task Flow draws, from one look at the state. Cards are kept
 * from look to look, so that only what changed is drawn again.
 */
import { allTasks, findFeature, findTask } from "../../../schema/state/select.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { type RoleCapacity, capacityByRole } from "./capacity.ts";
import { type Card, cardOf } from "./card.ts";
import { criticalPath, type CriticalPath } from "./critical.ts";
import { type Wait, waitsOf } from "./conflict.ts";
import { headline, type Phrase } from "./headline.ts";
import { buildGraph, type GraphModel, type GraphNode, type NodeKey, taskKey } from "./model.ts";
import { type Scope, tasksIn } from "./scope.ts";
import { type Counts, countGlyphs } from "./status.ts";

export interface Picture {
  /** Of the scope; the overview lists none. */
  tasks: Task[];
  counts: Counts;
  model: GraphModel;
  cards: Map<NodeKey, Card>;
  waits: Map<string, Wait>;
  /** Pairs of nodes that both are in the picture. */
  locks: { holder: NodeKey; waiter: NodeKey }[];
  path: CriticalPath;
  headline: Phrase[];
  capacity: RoleCapacity[];
  locks_held: number;
  conflicts: number;
}

export class Painter {
  #kept = new Map<NodeKey, { stamp: string; card: Card }>();

  /** `foretold`: the open tasks that a forecast calls critical. Null for `scope`: the overview, which counts and draws no graph; a card for every task would cost it its frame. */
  paint(state: ProjectState, scope: Scope | null, foretold: readonly string[] | null = null): Picture {
    if (scope === null) return overviewPicture(state);
    const tasks = tasksIn(state, scope);
    const model = buildGraph(state, tasks, scope);
    const waits = waitsOf(state);
    const prefix = scope.kind === "feature" ? scope.id : null;
    const cards = new Map<NodeKey, Card>();
    for (const node of model.nodes) {
      const card = this.#card(state, node, waits, prefix);
      if (card !== null) cards.set(node.key, card);
    }
    this.#forget(cards);
    return {
      tasks,
      counts: countGlyphs(tasks),
      model,
      cards,
      waits,
      locks: lockPairs(waits, cards),
      path: criticalPath(state, model, foretold),
      headline: headline(tasks, waits, state.agents, prefix),
      capacity: capacityByRole(state.agents.values(), state.time),
      locks_held: state.locks.size,
      conflicts: state.conflicts.size,
    };
  }

  #card(state: ProjectState, node: GraphNode, waits: Map<string, Wait>, prefix: string | null): Card | null {
    const subject = node.kind === "task" ? findTask(state, node.id) : findFeature(state, node.id);
    const wait = node.kind === "task" ? waits.get(node.id) : undefined;
    const stamp = `${String(subject?.last_seq)}|${subject?.status ?? ""}|${wait?.holder_agent ?? ""}|${String(wait?.since)}|${prefix ?? ""}`;
    const kept = this.#kept.get(node.key);
    if (kept?.stamp === stamp) return kept.card;
    const card = cardOf(state, node, waits, prefix);
    if (card !== null) this.#kept.set(node.key, { stamp, card });
    return card;
  }

  #forget(cards: Map<NodeKey, Card>): void {
    if (this.#kept.size === cards.size) return;
    for (const key of this.#kept.keys()) if (!cards.has(key)) this.#kept.delete(key);
  }
}

function overviewPicture(state: ProjectState): Picture {
  return {
    tasks: [],
    counts: countGlyphs(allTasks(state)),
    model: { nodes: [], edges: [] },
    cards: new Map(),
    waits: new Map(),
    locks: [],
    path: { keys: [], basis: "longest" },
    headline: [],
    capacity: capacityByRole(state.agents.values(), state.time),
    locks_held: state.locks.size,
    conflicts: state.conflicts.size,
  };
}

function lockPairs(waits: Map<string, Wait>, cards: Map<NodeKey, Card>): Picture["locks"] {
  const pairs: Picture["locks"] = [];
  for (const wait of waits.values()) {
    const waiter = taskKey(wait.waiter_task);
    const holder = wait.holder_task === null ? null : taskKey(wait.holder_task);
    if (holder !== null && cards.has(holder) && cards.has(waiter)) pairs.push({ holder, waiter });
  }
  return pairs;
}
