/** The installation's language model as reflections ask it: where it is, who wants it, what it may cost, and what it did cost. */
import { EVENT_VERSION } from "../schema/event/event.ts";
import { agreesTo } from "./account/model-agreement.ts";
import { modelInfo, modelPlace } from "./account/model-place.ts";
import { openDatabase } from "./account/database.ts";
import { readSettings } from "./account/settings.ts";
import type { Env } from "./env.ts";
import { createPrice } from "./intake/price.ts";
import {
  DEFAULT_CALLS_PER_DAY,
  DEFAULT_CALLS_PER_DAY_TEAM,
  DEFAULT_CALLS_PER_DAY_TOTAL,
} from "./learning/model/limits.ts";
import { openAiModel } from "./learning/model/openai.ts";
import { workersAiModel } from "./learning/model/workers-ai.ts";
import type { LanguageModel } from "./learning/model/contract.ts";
import type { Allowance, Asking, LessonWords } from "./learning/query/book.ts";
import type { RoomRpc } from "./room/contract.ts";
import type { Cost, ModelCall } from "./learning/reflect/word.ts";

const price = createPrice();

/** Null: there is none, or the project did not say yes to it. */
export async function modelFor(env: Env, project_id: string): Promise<LanguageModel | null> {
  const place = modelPlace(env);
  if (place === null) return null;
  try {
    // Read anew each time: who takes his word back is heard at once.
    const { learning } = await readSettings(openDatabase(env.DB), project_id);
    const info = modelInfo(place);
    if (info === null || !agreesTo(learning, info)) return null;
  } catch (error) {
    console.error("whether a language model is wanted is not known, so none is asked", error);
    return null;
  }
  const { name } = place;
  if (place.kind === "workers-ai") return env.AI ? workersAiModel(env.AI, name) : null;
  return openAiModel({ base_url: place.base_url, name, key: env.MODEL_KEY?.trim() || null });
}

/** Whether a hard budget that it would fall under is used up. */
export async function isSpent(room: Pick<RoomRpc, "budget">): Promise<boolean> {
  const spender = { agent: "clusterfork:reflection", role: null, feature_id: null };
  const reply = await room.budget({ kind: "clusterfork" }, { kind: "check", spender });
  return !(reply.ok && reply.kind === "checked" && reply.over === null);
}

/** Of no team: ids of teams have no colon. It counts the askings of all, and holds nothing else. */
const ALL = "clusterfork:all";

interface Asker {
  project: string;
  team: string;
  cause: readonly (string | number)[];
}

const bookOf = (env: Env, name: string) => env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(name));

/** Within the bounds of the day, the project's, its team's and the installation's, and not asked before; a yes is counted. */
export async function mayAskModel(
  env: Env,
  { project, team, cause, asking, is_spent }: Asker & { asking: Asking; is_spent: boolean },
): Promise<Allowance> {
  const now_ms = Date.now();
  // With nothing left to spend it is asked nothing new; what it said before is known all the same.
  const per_day = is_spent ? 0 : read(env.MODEL_CALLS_PER_DAY, DEFAULT_CALLS_PER_DAY);
  const team_per_day = read(env.MODEL_CALLS_PER_DAY_TEAM, DEFAULT_CALLS_PER_DAY_TEAM);
  const own = { project, cause, per_day, team_per_day, now_ms, asking };
  const allowance = await bookOf(env, team).mayAskModel(own);
  if (!allowance.may) return allowance;
  const total = read(env.MODEL_CALLS_PER_DAY_TOTAL, DEFAULT_CALLS_PER_DAY_TOTAL);
  const all = { project: ALL, cause: [project, ...cause], per_day: total, team_per_day: null, asking: null };
  let may = false;
  try {
    ({ may } = await bookOf(env, ALL).mayAskModel({ ...all, now_ms }));
  } finally {
    // Also where nobody answered: noted as asked, it would be told later that it cost something.
    if (!may) await bookOf(env, team).settleModel({ project, cause, asked: false, words: null });
  }
  return may ? { may } : { may, before: null };
}

/** What came of a yes: with its cost in the log, as far as it is known. */
export function settleModel(
  env: Env,
  { project, team, cause, words }: Asker & { words: LessonWords | null },
): Promise<void> {
  return bookOf(env, team).settleModel({ project, cause, asked: true, words });
}

function read(set: string | undefined, otherwise: number): number {
  const calls = Number(set ?? otherwise);
  return Number.isInteger(calls) && calls >= 0 ? calls : otherwise;
}

/** At the list price of its day, as calls of agents are. */
export function costOf({ model, provider, at, metrics }: ModelCall): Cost {
  const priced = price({
    ...{
      id: "",
      event_type: "tokens_used",
      agent_id: "",
      source: "clusterfork",
      key_id: "",
      v: EVENT_VERSION,
    },
    ...{ timestamp: at, metadata: { model, provider }, metrics },
  });
  const { cost_source, price_version } = priced.metadata ?? {};
  return { metadata: { cost_source, price_version }, cost_usd: priced.metrics?.["cost_usd"] ?? null };
}
