/** `/api/projects/:project/settings`: what a project's admins set, and how forwarding goes. */
import * as z from "zod";
import { intakeSettings, type IntakeSettings } from "./intake.ts";
import { learningSettings, type LearningSettings, type ModelInfo } from "./learning.ts";
import {
  capSetting,
  complexitySetting,
  type ComplexitySetting,
  type MeasuringSettings,
} from "./measuring.ts";
import { DELIVERY_MODES, type DeliveryMode } from "./socket.ts";

export interface ForwardInfo {
  /** Origin of the installation that gets the hourly sums. */
  url: string;
  /** RFC 3339: the end of the last hour that was sent; null: none yet. */
  forwarded_until: string | null;
  /** What went wrong at the last try, and what to do; null when nothing did. */
  error: string | null;
  /** RFC 3339: when it is tried again, or looked whether there is something new; null: when the next event comes. */
  next_at: string | null;
}

/** The key it is sent with is in no reply. */
export interface SettingsResponse {
  settings: MeasuringSettings & {
    delivery: DeliveryMode;
    /** Null: nothing leaves. */
    forward: ForwardInfo | null;
    intake: IntakeSettings;
    learning: LearningSettings;
    /**
     * What `learning.language_model` would ask, and where it runs; null: this installation has none. Its operator sets it.
     * `asked_again`: the project said yes to another one, so `learning.language_model` is false until it is said again.
     */
    model: (ModelInfo & { asked_again: string | null }) | null;
  };
}

export const settingsResponse = z.object({
  settings: z.object({
    delivery: z.enum(DELIVERY_MODES),
    forward: z
      .object({
        url: z.string(),
        forwarded_until: z.string().nullable(),
        error: z.string().nullable(),
        next_at: z.string().nullable(),
      })
      .nullable()
      .describe("Null: nothing leaves this installation."),
    intake: intakeSettings,
    learning: learningSettings,
    model: z
      .object({
        name: z.string(),
        host: z.string(),
        asked_again: z
          .string()
          .nullable()
          .describe("Why a yes counts no more, in words; null: it does, or there is none."),
      })
      .nullable()
      .describe("The installation's language model; null: it has none."),
    cost_per_hour_cap_usd: capSetting,
    complexity: complexitySetting,
  }),
}) satisfies z.ZodType<SettingsResponse>;

/** What is absent stays as it is. `forward.key` may be absent while its address stays. */
export interface SettingsChange {
  delivery?: DeliveryMode | undefined;
  forward?: { url: string; key?: string | undefined } | null | undefined;
  intake?:
    | {
        content?: boolean | undefined;
        branches?: string[] | undefined;
        enforce_budgets?: boolean | undefined;
        deliver_lessons?: boolean | undefined;
      }
    | undefined;
  /** `language_model` alone switches off, or leaves a yes that is in force: a new one is `agree_to_model`. */
  learning?: { [K in keyof LearningSettings]?: LearningSettings[K] | undefined } | undefined;
  /**
   * Yes to the installation's language model, as whoever says it knows it. It stands in no reply under this name, so that
   * settings which are read and written back later say it to nothing.
   */
  agree_to_model?: ModelInfo | undefined;
  /** Null: no cap. */
  cost_per_hour_cap_usd?: number | null | undefined;
  complexity?: ComplexitySetting | undefined;
}

/** Longer than any origin and any key: what exceeds it is neither. */
const MAX_CHARACTERS = 512;

export const settingsChange = z.strictObject({
  delivery: z.enum(DELIVERY_MODES, { error: `Delivery is one of ${DELIVERY_MODES.join(", ")}.` }).optional(),
  forward: z
    .strictObject(
      {
        url: z
          .string({ error: "The receiver's address is needed, such as https://clusterfork.example." })
          .max(MAX_CHARACTERS, "An address such as https://clusterfork.example is expected."),
        key: z.string().max(MAX_CHARACTERS, "A key is expected, `cfk_` and what follows.").optional(),
      },
      { error: "Forwarding is null, or the receiver's url with a key of it." },
    )
    .nullable()
    .optional(),
  intake: intakeSettings.partial().optional(),
  learning: learningSettings.partial().optional(),
  agree_to_model: z
    .strictObject(
      { name: z.string().max(MAX_CHARACTERS), host: z.string().max(MAX_CHARACTERS) },
      { error: "agree_to_model names the model and its host, as `model` of the settings does." },
    )
    .describe("Yes to the installation's language model: its name and host, as `model` of the settings says.")
    .optional(),
  cost_per_hour_cap_usd: capSetting.optional(),
  complexity: complexitySetting.optional(),
}) satisfies z.ZodType<SettingsChange>;
