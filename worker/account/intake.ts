/**
 * The intake settings of projects, kept for a moment: a sender's every request needs them, and
 * one read of D1 each would cost more than the append.
 *
 * A change holds everywhere after KEPT_MS at the latest. While D1 is away the last known
 * ones hold, or the defaults, which keep nothing private (B1).
 */
import { DEFAULT_INTAKE, type IntakeSettings } from "../../schema/wire/intake.ts";
import { openDatabase } from "./database.ts";
import { readIntake } from "./settings.ts";

/** How long a change may take to hold, in ms. */
export const KEPT_MS = 10_000;

/** Projects remembered at once: those that send within KEPT_MS to one copy of the Worker. */
const MAX_REMEMBERED_PROJECTS = 1_000;

export type ReadIntake = (d1: D1Database, project_id: string, now_ms: number) => Promise<IntakeSettings>;

/** Make one and keep it. */
export function createReadIntake(): ReadIntake {
  const remembered = new Map<string, { intake: IntakeSettings; until_ms: number }>();
  return async (d1, project_id, now_ms) => {
    const known = remembered.get(project_id);
    if (known !== undefined && now_ms < known.until_ms) return known.intake;
    let intake = known?.intake ?? DEFAULT_INTAKE;
    try {
      intake = await readIntake(openDatabase(d1), project_id);
    } catch (error) {
      console.error(JSON.stringify({ event: "intake settings unread", error: String(error) }));
    }
    if (remembered.size >= MAX_REMEMBERED_PROJECTS) remembered.clear();
    remembered.set(project_id, { intake, until_ms: now_ms + KEPT_MS });
    return intake;
  };
}
