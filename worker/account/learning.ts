/**
 * What projects set about lessons, kept for a moment: each prompt of each agent may ask for it. A change holds
 * everywhere after KEPT_MS at the latest; while D1 is away the last known settings hold, or the defaults (B1).
 */
import { eq } from "drizzle-orm";
import { project_setting } from "../../schema/table/tables.ts";
import { DEFAULT_LEARNING, type LearningSettings } from "../../schema/wire/learning.ts";
import { openDatabase } from "./database.ts";
import { KEPT_MS } from "./intake.ts";
import { parseLearning } from "./settings.ts";

export type ReadLearning = (d1: D1Database, project_id: string, now_ms: number) => Promise<LearningSettings>;

/** Projects remembered at once: those that ask within KEPT_MS. */
const MAX_REMEMBERED_PROJECTS = 1_000;

/** Make one and keep it. */
export function createReadLearning(): ReadLearning {
  const remembered = new Map<string, { learning: LearningSettings; until_ms: number }>();
  return async (d1, project_id, now_ms) => {
    const known = remembered.get(project_id);
    if (known !== undefined && now_ms < known.until_ms) return known.learning;
    let learning = known?.learning ?? DEFAULT_LEARNING;
    try {
      const [row] = await openDatabase(d1)
        .select({ learning: project_setting.learning })
        .from(project_setting)
        .where(eq(project_setting.project_id, project_id));
      learning = parseLearning(row?.learning ?? null);
    } catch (error) {
      console.error(JSON.stringify({ event: "learning settings unread", error: String(error) }));
    }
    if (remembered.size >= MAX_REMEMBERED_PROJECTS) remembered.clear();
    remembered.set(project_id, { learning, until_ms: now_ms + KEPT_MS });
    return learning;
  };
}
