/**
 * A project's yes to the language model. It is said to one model at one place, by its name and host: settings that were
 * read before the operator changed the model, or before somebody took the yes back, hold none when they are written again.
 */
import type { ModelInfo, StoredLearning } from "../../schema/wire/learning.ts";
import type { SettingsChange } from "../../schema/wire/setting.ts";
import { done, failed, type Outcome } from "./outcome.ts";

type Said = Pick<StoredLearning, "language_model" | "model_agreed">;

/** Whether the project said yes to this one: whoever agreed that its texts go to one place said nothing of another. */
export function agreesTo({ language_model, model_agreed }: Said, info: ModelInfo): boolean {
  return language_model && model_agreed !== null && isSame(model_agreed, info);
}

/** Why a yes counts no more, in words; null: it does, or there is none. */
export function askedAgain(said: Said, info: ModelInfo): string | null {
  if (!said.language_model || agreesTo(said, info)) return null;
  const { model_agreed: before } = said;
  const was = before === null ? "a model that nobody noted" : words(before);
  return `Yes was said to ${was}. It is ${words(info)} now: nothing is sent to it until yes is said again.`;
}

/** What is said after a change: a yes comes by `agree_to_model` alone, a no by either way of saying it. */
export function agreementAfter(
  { language_model, model_agreed }: Said,
  { learning, agree_to_model: wanted }: Pick<SettingsChange, "learning" | "agree_to_model">,
  info: ModelInfo | null,
): Outcome<Said> {
  const said = { language_model, model_agreed };
  const asks = learning?.language_model;
  if (wanted !== undefined && asks === false)
    return refused("invalid", AGREEMENT, "Both yes and no are said to the language model: leave one out.");
  if (asks === false) return done({ language_model: false, model_agreed: null });
  const field = wanted === undefined ? SWITCH : AGREEMENT;
  if ((wanted !== undefined || asks === true) && info === null) return refused("invalid", field, NO_MODEL);
  if (info === null || (wanted === undefined && asks === undefined)) return done(said);
  if (wanted !== undefined && isSame(wanted, info))
    return done({ language_model: true, model_agreed: { name: info.name, host: info.host } });
  if (wanted !== undefined)
    return refused(
      "conflict",
      field,
      `The language model is ${words(info)} now. Look at the settings again, then agree to it if that is meant.`,
    );
  if (agreesTo(said, info)) return done(said);
  return refused(
    "conflict",
    field,
    `No yes to ${words(info)} is in force, and settings that were read earlier are none. To say it, send agree_to_model with that name and host; otherwise leave language_model out.`,
  );
}

const SWITCH = "learning.language_model";
const AGREEMENT = "agree_to_model";
const NO_MODEL = "This installation has no language model. Whoever runs it sets MODEL_URL and MODEL_NAME.";

const isSame = (a: ModelInfo, b: ModelInfo): boolean => a.name === b.name && a.host === b.host;
const words = ({ name, host }: ModelInfo): string => `${name} on ${host}`;

function refused(code: "conflict" | "invalid", field: string, message: string) {
  return failed(code, message, { details: [{ field, message }] });
}
