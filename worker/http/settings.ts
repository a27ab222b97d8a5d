/** `/api/projects/:project/settings`: read and changed by whoever may configure the project. */
import { settingsChange, type SettingsChange, type SettingsResponse } from "../../schema/wire/setting.ts";
import type { Failure } from "../../schema/wire/error.ts";
import { openDatabase } from "../account/database.ts";
import { agreesTo, askedAgain, modelInfo, modelPlace } from "../account/model-place.ts";
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
  const { delivery, forward, intake, cost_per_hour_cap_usd, complexity, learning } = input.value;
  const { project_id, room } = access;
  if (learning?.language_model === true && modelPlace(c.env) === null) return NO_MODEL;
  const database = openDatabase(c.env.DB);
  const settings = await readSettings(database, project_id);
  if (delivery !== undefined) settings.delivery = delivery;
  settings.intake = { ...settings.intake, ...given(intake) };
  settings.learning = { ...settings.learning, ...given(learning) };
  if (learning?.language_model !== undefined)
    settings.learning.model_agreed = learning.language_model ? modelInfo(modelPlace(c.env)) : null;
  if (cost_per_hour_cap_usd !== undefined) settings.cost_per_hour_cap_usd = cost_per_hour_cap_usd;
  if (complexity !== undefined) settings.complexity = complexity;
  let target: ForwardTarget | null = null;
  if (forward === null) settings.forward = null;
  else if (forward !== undefined) {
    const receiver = await readReceiver(c, project_id, forward, settings.forward);
    if (!receiver.ok) return receiver.failure;
    settings.forward = receiver.value.forward;
    target = { project_id, target: receiver.value.target };
  }
  await writeSettings(database, project_id, settings, new Date());
  if (delivery !== undefined) await room.setDelivery(delivery);
  if (forward !== undefined) await room.setForward(target);
  return Response.json(await describe(c, access, settings));
}

const MODEL_FIELD = "learning.language_model";
const NO_MODEL_MESSAGE =
  "This installation has no language model. Whoever runs it sets MODEL_URL and MODEL_NAME.";
const NO_MODEL: Failure = {
  code: "invalid",
  message: NO_MODEL_MESSAGE,
  details: [{ field: MODEL_FIELD, message: NO_MODEL_MESSAGE }],
};

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
  { delivery, forward, learning: stored, ...others }: Settings,
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
