/** A project's settings in D1. A project without a row has the defaults. */
import { and, eq } from "drizzle-orm";
import type * as z from "zod";
import { project_setting } from "../../schema/table/tables.ts";
import { DEFAULT_INTAKE, storedIntake, type IntakeSettings } from "../../schema/wire/intake.ts";
import { DEFAULT_LEARNING, storedLearning, type StoredLearning } from "../../schema/wire/learning.ts";
import type { MeasuringSettings } from "../../schema/wire/measuring.ts";
import type { DeliveryMode } from "../../schema/wire/socket.ts";
import type { Database } from "./database.ts";
import { columnsOf, measuringOf } from "./measuring.ts";
import { seal, unseal } from "./seal.ts";

export interface Settings extends MeasuringSettings {
  delivery: DeliveryMode;
  forward: {
    url: string;
    /** Sealed: see `openForwardKey`. */
    sealed_key: string;
    /** Hours since the epoch. */
    forwarded_hour: number | null;
  } | null;
  intake: IntakeSettings;
  learning: StoredLearning;
  /** When they were last written; null: never. A change is written only over what it was made of. */
  changed_at: Date | null;
}

const UNSET_LEARNING: StoredLearning = { ...DEFAULT_LEARNING, model_agreed: null };

const placeOf = (project_id: string): string => `project_setting ${project_id} forward_key`;

export function sealForwardKey(secret: string, project_id: string, key: string): Promise<string> {
  return seal(secret, placeOf(project_id), key);
}

/** Null when it cannot be read any more: it has to be entered again. */
export function openForwardKey(
  secret: string,
  project_id: string,
  sealed_key: string,
): Promise<string | null> {
  return unseal(secret, placeOf(project_id), sealed_key);
}

export async function readSettings(database: Database, project_id: string): Promise<Settings> {
  const [row] = await database
    .select()
    .from(project_setting)
    .where(eq(project_setting.project_id, project_id));
  const measuring = measuringOf(row);
  if (row === undefined)
    return {
      ...{ delivery: "live", forward: null, intake: DEFAULT_INTAKE, learning: UNSET_LEARNING },
      ...measuring,
      changed_at: null,
    };
  const { forward_url: url, forward_key: sealed_key, forwarded_hour } = row;
  return {
    // The column holds nothing else: writeSettings alone writes it.
    delivery: row.delivery === "batched" ? "batched" : "live",
    forward: url === null || sealed_key === null ? null : { url, sealed_key, forwarded_hour },
    intake: parseIntake(row.intake),
    learning: parseLearning(row.learning),
    ...measuring,
    changed_at: row.updated_at,
  };
}

/** How foreign data is read: all that an intake route needs of the settings. */
export async function readIntake(database: Database, project_id: string): Promise<IntakeSettings> {
  const [row] = await database
    .select({ intake: project_setting.intake })
    .from(project_setting)
    .where(eq(project_setting.project_id, project_id));
  return parseIntake(row?.intake ?? null);
}

/** How lessons are ranked and handed over: all that a prompt needs of the settings. */
export async function readLearning(database: Database, project_id: string): Promise<StoredLearning> {
  const [row] = await database
    .select({ learning: project_setting.learning })
    .from(project_setting)
    .where(eq(project_setting.project_id, project_id));
  return parseLearning(row?.learning ?? null);
}

const parseIntake = (text: string | null) => parseStored(text, storedIntake, DEFAULT_INTAKE);
const parseLearning = (text: string | null) => parseStored(text, storedLearning, UNSET_LEARNING);

/** What another version wrote and this one cannot read counts as not set: by default nothing private is kept. */
function parseStored<T>(text: string | null, shape: z.ZodType<T>, fallback: T): T {
  if (text === null) return fallback;
  try {
    const parsed = shape.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : fallback;
  } catch {
    return fallback;
  }
}

/** False: somebody else wrote since these were read, and nothing was written. */
export async function writeSettings(
  database: Database,
  project_id: string,
  { delivery, forward, intake, learning, changed_at, ...measuring }: Settings,
  now: Date,
): Promise<boolean> {
  const values = {
    delivery,
    forward_url: forward?.url ?? null,
    forward_key: forward?.sealed_key ?? null,
    forwarded_hour: forward?.forwarded_hour ?? null,
    intake: JSON.stringify(intake),
    learning: JSON.stringify(learning),
    ...columnsOf(measuring),
    // Two changes in one millisecond are two.
    updated_at: new Date(Math.max(now.getTime(), (changed_at?.getTime() ?? 0) + 1)),
  };
  const id = { id: project_setting.project_id };
  const written =
    changed_at === null
      ? await database
          .insert(project_setting)
          .values({ project_id, ...values })
          .onConflictDoNothing()
          .returning(id)
      : await database
          .update(project_setting)
          .set(values)
          .where(and(eq(project_setting.project_id, project_id), eq(project_setting.updated_at, changed_at)))
          .returning(id);
  return written.length > 0;
}
