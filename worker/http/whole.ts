/**
 * One task, feature or agent with its whole history. The hot state may have
 * forgotten it, or know only what happened since; the archive has all of it,
 * up to a minute late. Who knows the earlier beginning is believed.
 */
import type { Failure } from "../../schema/wire/error.ts";
import type { Agent } from "../../schema/state/entity/agent.ts";
import type { Feature } from "../../schema/state/entity/feature.ts";
import type { Task } from "../../schema/state/entity/task.ts";
import type { WireState } from "../../schema/state/state.ts";
import { findArchived, listArchived, type EntityKind } from "../archive/query-entity.ts";
import type { HttpContext, ProjectAccess } from "./context.ts";

const ARCHIVE_AWAY: Failure = {
  code: "unavailable",
  message:
    "This is not among the live entries, and the archive of older ones cannot be read now. Try again in some seconds.",
  retry_after_s: 10,
};

interface EntityOf {
  task: Task;
  feature: Feature;
  agent: Agent;
}

/** Null: nobody knows it. `forgotten`: how many of this kind left the hot state; while none has, it knows all. */
export async function wholeEntity<K extends EntityKind>(
  c: HttpContext,
  access: ProjectAccess,
  kind: K,
  id: string,
  hot: EntityOf[K] | undefined,
  forgotten: number,
): Promise<{ ok: true; entity: EntityOf[K] | null } | Failure> {
  const { lens } = access;
  // By the name an alias stands for, whoever asked would learn whether there is one.
  const is_alias = kind === "agent" && lens?.scope.policy.name === true;
  if (forgotten === 0 || is_alias || lens?.showsPast === false) return { ok: true, entity: hot ?? null };
  try {
    const archived = await findArchived(c.env.DB, access.project_id, kind, id);
    const shown = archived === null ? undefined : (lens?.entity(kind, archived) ?? archived);
    return { ok: true, entity: elder(hot, shown) ?? null };
  } catch (error) {
    console.error("the archive cannot be read", error);
    return hot === undefined ? ARCHIVE_AWAY : { ok: true, entity: hot };
  }
}

/** The tasks of a feature, those that the hot state forgot among them; at most 1,000 of these. */
export async function wholeTasks(
  c: HttpContext,
  access: ProjectAccess,
  feature: string,
  state: WireState,
): Promise<Task[]> {
  const hot = [...state.open_tasks, ...state.closed_tasks].filter((task) => task.feature_id === feature);
  if (state.counters.forgotten_tasks === 0 || access.lens?.showsPast === false) return hot;
  try {
    const { entities } = await listArchived(c.env.DB, access.project_id, "task", { feature });
    const shown = entities.map((task) => access.lens?.entity("task", task) ?? task);
    const archived = new Map(shown.map((task) => [task.id, task]));
    const merged = hot.map((task) => {
      const other = archived.get(task.id);
      archived.delete(task.id);
      return elder(task, other) ?? task;
    });
    return [...merged, ...archived.values()];
  } catch (error) {
    console.error("the archive cannot be read", error);
    return hot;
  }
}

function elder<E extends { first_seq: number }>(hot: E | undefined, archived: E | undefined): E | undefined {
  if (hot === undefined || archived === undefined) return hot ?? archived;
  return archived.first_seq < hot.first_seq ? archived : hot;
}
