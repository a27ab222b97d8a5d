/** `/api/projects/:project/settings`: read and changed by whoever may configure the project. */
import { settingsChange, type SettingsChange, type SettingsResponse } from "../../schema/wire/setting.ts";
import type { Failure } from "../../schema/wire/error.ts";
import { openDatabase } from "../account/database.ts";
import { agreementAfter, agreesTo, askedAgain } from "../account/model-agreement.ts";
import { modelInfo, modelPlace } from "../account/model-place.ts";
import { done, failed, type Outcome } from "../account/outcome.ts";
import { readOrigin, readReceiverKey } from "../account/receiver.ts";
import {
  openForwardKey,
  readSettings,
  sealForwardKey,
  writeSettings,
  type Settings,
} from "../account/settings.ts";
import type { ForwardTarget } from "../room/contract.ts";
import { readJson } from "./body.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { ownOrigins } from "./security.ts";

const HOUR_MS = 3_600_000;

export async function getSettings(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  return Response.json(
    await describe(c, access, await readSettings(openDatabase(c.env.DB), access.project_id)),
  );
}

/**
 * D1 first, then the room, which acts on it. Cut off in between, the page shows what was asked for, and
 * saving it again does the rest: both may be done twice.
 */
export async function patchSettings(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const input = await readJson(c, settingsChange);
  if (!input.ok) return input.failure;
  const { delivery, forward } = input.value;
  const { project_id, room } = access;
  const database = openDatabase(c.env.DB);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = await readSettings(database, project_id);
    const changed = await changedBy(c, project_id, before, input.value);
    if (!changed.ok) return changed.failure;
    const { settings, target } = changed.value;
    // What somebody else wrote meanwhile is looked at anew: else this would undo it.
    if (!(await writeSettings(database, project_id, settings, new Date()))) continue;
    if (delivery !== undefined) await room.setDelivery(delivery);
    if (forward !== undefined) await room.setForward(target);
    return Response.json(await describe(c, access, settings));
  }
  return CHANGED_MEANWHILE;
}

/** Of several changes at once one comes through in each round. */
const MAX_ROUNDS = 8;
const CHANGED_MEANWHILE: Failure = {
  code: "conflict",
  message: "Others changed the settings at the same moment, and this change was not made. Send it again.",
};

interface Changed {
  settings: Settings;
  /** Of a change that names a receiver. */
  target: ForwardTarget | null;
}

async function changedBy(
  c: HttpContext,
  project_id: string,
  before: Settings,
  change: SettingsChange,
): Promise<Outcome<Changed>> {
  const { delivery, forward, intake, cost_per_hour_cap_usd, complexity, learning } = change;
  const agreement = agreementAfter(before.learning, change, modelInfo(modelPlace(c.env)));
  if (!agreement.ok) return agreement;
  const settings: Settings = {
    ...before,
    ...given({ delivery, cost_per_hour_cap_usd, complexity }),
    intake: { ...before.intake, ...given(intake) },
    learning: { ...before.learning, ...given(learning), ...agreement.value },
  };
  if (forward === undefined) return done({ settings, target: null });
  if (forward === null) return done({ settings: { ...settings, forward }, target: null });
  const receiver = await readReceiver(c, project_id, forward, before.forward);
  if (!receiver.ok) return receiver;
  const { forward: kept, target } = receiver.value;
  return done({ settings: { ...settings, forward: kept }, target: { project_id, target } });
}

/** What is there: what is absent stays as it is. */
function given<T extends object>(part: { [K in keyof T]?: T[K] | undefined } | undefined): Partial<T> {
  const entries = Object.entries(part ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

type Receiver = { forward: NonNullable<Settings["forward"]>; target: string };

async function readReceiver(
  c: HttpContext,
  project_id: string,
  given: NonNullable<SettingsChange["forward"]>,
  known: Settings["forward"],
): Promise<Outcome<Receiver>> {
  const { origin: own_origin } = ownOrigins(c);
  const origin = readOrigin(given.url, own_origin.startsWith("https:"));
  if (!origin.ok) return origin;
  // A key goes to no other address than the one it was entered for.
  const kept = known?.url === origin.value ? known : null;
  const kept_key = kept && (await openForwardKey(c.env.KEY_SECRET, project_id, kept.sealed_key));
  const key = given.key ?? kept_key;
  if (key === null) {
    const message =
      "Enter an ingest key of the receiver: one that is known is for another address, or cannot be read any more.";
    return failed("invalid", message, { details: [{ field: "forward.key", message }] });
  }
  const receiver = readReceiverKey(key, project_id);
  if (!receiver.ok) return receiver;
  const before = kept_key === null ? null : readReceiverKey(kept_key, project_id);
  const is_same = before?.ok === true && before.value === receiver.value;
  const forward = {
    url: origin.value,
    sealed_key: await sealForwardKey(c.env.KEY_SECRET, project_id, key.trim()),
    forwarded_hour: is_same ? (kept?.forwarded_hour ?? null) : null,
  };
  return done({ forward, target: `${origin.value} ${receiver.value}` });
}

async function describe(
  c: HttpContext,
  { room }: ProjectAccess,
  { delivery, forward, learning: stored, changed_at: _changed_at, ...others }: Settings,
): Promise<SettingsResponse> {
  const info = modelInfo(modelPlace(c.env));
  const { model_agreed: _agreed, ...learning } = stored;
  const language_model = info === null ? stored.language_model : agreesTo(stored, info);
  const model = info && { ...info, asked_again: askedAgain(stored, info) };
  const settings = { ...others, learning: { ...learning, language_model }, model };
  if (forward === null) return { settings: { ...settings, delivery, forward: null } };
  const { error, next_ms } = await room.readForward();
  const { url, forwarded_hour } = forward;
  return {
    settings: {
      ...settings,
      delivery,
      forward: {
        url,
        forwarded_until: forwarded_hour === null ? null : moment((forwarded_hour + 1) * HOUR_MS),
        error,
        next_at: next_ms === null ? null : moment(next_ms),
      },
    },
  };
}

function moment(time_ms: number): string {
  return new Date(time_ms).toISOString();
}
