/** Budgets as zod schemas: what may be asked, and, for documents and tests, what is answered. */
import * as z from "zod";
import { MAX_REF_CHARS, MAX_ROLE_CHARS } from "../event/limits.ts";
import { MAX_TITLE_CHARS } from "../state/limits.ts";
import {
  BUDGET_PERIODS,
  BUDGET_SCOPES,
  BUDGET_UNITS,
  type Budget,
  type Reservation,
  type WireSpending,
} from "../state/entity/budget.ts";
import type {
  BudgetInfo,
  BudgetResponse,
  BudgetsResponse,
  ReleaseResponse,
  ReserveResponse,
} from "./budget.ts";
import { usage } from "./usage-body.ts";

/** A billion dollars, ten to the fifteenth tokens: above it stands a mistake. */
const MAX_LIMIT_USD = 1e9;
const MAX_LIMIT_TOKENS = 1e15;
/** Seconds. A call takes minutes at most; who forgets to release holds everybody else up for no longer. */
const MAX_TTL_S = 3_600;
export const DEFAULT_TTL_S = 300;
const MAX_KEY_CHARS = 200;

const ref = (what: string) =>
  z
    .string({ error: `${what} is text.` })
    .min(1, `${what} is empty. Name it, or leave it out.`)
    .max(MAX_REF_CHARS, `${what} has at most ${MAX_REF_CHARS} characters.`);
const currency = z
  .literal("USD", { error: "Amounts are in US dollars: convert them, and say USD or leave currency out." })
  .optional();
const limit_usd = z
  .number({ error: "limit_usd is a number of US dollars." })
  .min(0, "limit_usd is zero or more.")
  .max(MAX_LIMIT_USD, `limit_usd is at most ${MAX_LIMIT_USD}.`)
  .optional();
const limit_tokens = z
  .int({ error: "limit_tokens is a whole number of tokens." })
  .min(0, "limit_tokens is zero or more.")
  .max(MAX_LIMIT_TOKENS, `limit_tokens is at most ${MAX_LIMIT_TOKENS}.`)
  .optional();
const title = z
  .string({ error: "title is text." })
  .max(MAX_TITLE_CHARS, `title has at most ${MAX_TITLE_CHARS} characters.`)
  .nullable()
  .optional();
const hard = z.boolean({ error: "hard is true or false." }).optional();
const ONE_LIMIT = "Give limit_usd or limit_tokens, one of them: make a second budget for the other.";

export const budgetRequest = z
  .strictObject({
    title,
    scope: z.enum(BUDGET_SCOPES, { error: `scope is one of ${BUDGET_SCOPES.join(", ")}.` }),
    feature_id: ref("feature_id").optional(),
    agent_id: ref("agent_id").optional(),
    role: ref("role").max(MAX_ROLE_CHARS, `role has at most ${MAX_ROLE_CHARS} characters.`).optional(),
    period: z
      .enum(BUDGET_PERIODS, { error: `period is one of ${BUDGET_PERIODS.join(", ")}.` })
      .default("month"),
    limit_usd,
    limit_tokens,
    hard,
    currency,
  })
  .superRefine((asked, refinement) => {
    const wrong = (message: string) => refinement.addIssue({ code: "custom", message });
    if ((asked.limit_usd === undefined) === (asked.limit_tokens === undefined)) wrong(ONE_LIMIT);
    for (const [scope, field] of [
      ["feature", "feature_id"],
      ["agent", "agent_id"],
      ["role", "role"],
    ] as const) {
      if (asked.scope === scope && asked[field] === undefined)
        wrong(`A budget of scope ${scope} needs ${field}: whose it is.`);
      if (asked.scope !== scope && asked[field] !== undefined)
        wrong(`${field} goes with scope ${scope}. Leave it out, or change the scope.`);
    }
  });

/** What is absent stays as it is. Scope and period stay for the budget's life: what was counted would not fit. */
export const budgetChange = z
  .strictObject({ title, limit_usd, limit_tokens, hard, currency })
  .refine(({ limit_usd, limit_tokens }) => limit_usd === undefined || limit_tokens === undefined, ONE_LIMIT);

const tokens = (what: string) =>
  z
    .int({ error: `${what} is a whole number of tokens.` })
    .min(0, `${what} is zero or more.`)
    .max(MAX_LIMIT_TOKENS);

export const reserveRequest = z
  .strictObject({
    agent_id: ref("agent_id"),
    agent_role: ref("agent_role")
      .max(MAX_ROLE_CHARS, `agent_role has at most ${MAX_ROLE_CHARS} characters.`)
      .optional(),
    feature_id: ref("feature_id").optional(),
    task_id: ref("task_id").optional(),
    amount_usd: z
      .number({ error: "amount_usd is a number of US dollars." })
      .positive("amount_usd is more than zero: the most that the call may cost.")
      .max(MAX_LIMIT_USD)
      .optional(),
    tokens: tokens("tokens").min(1, "tokens is at least 1: the most that the call may use.").optional(),
    input_tokens: tokens("input_tokens").optional(),
    max_output_tokens: tokens("max_output_tokens").optional(),
    model: ref("model").optional(),
    provider: ref("provider").optional(),
    ttl_s: z
      .int({ error: "ttl_s is a whole number of seconds." })
      .min(1, "ttl_s is at least 1.")
      .max(MAX_TTL_S, `ttl_s is at most ${MAX_TTL_S}: reserve again for what lasts longer.`)
      .default(DEFAULT_TTL_S),
    idempotency_key: z
      .string({ error: "idempotency_key is text." })
      .min(1)
      .max(MAX_KEY_CHARS, `idempotency_key has at most ${MAX_KEY_CHARS} characters.`)
      .optional(),
    currency,
  })
  .superRefine(({ amount_usd, tokens, input_tokens, max_output_tokens }, refinement) => {
    const split = (input_tokens ?? 0) + (max_output_tokens ?? 0);
    if (amount_usd === undefined && tokens === undefined && split === 0)
      refinement.addIssue({
        code: "custom",
        message:
          "Say how much: amount_usd, or tokens, or input_tokens and max_output_tokens; with model, tokens are priced.",
      });
    if (tokens !== undefined && split > 0)
      refinement.addIssue({
        code: "custom",
        message: "tokens is the sum of input_tokens and max_output_tokens. Give the sum or the parts.",
      });
  });
export type ReserveRequest = z.infer<typeof reserveRequest>;

export const releaseRequest = z.strictObject({
  reservation_id: ref("reservation_id"),
  agent_id: ref("agent_id").optional().describe("Of whose call it was; another agent's is not given back."),
});

const text = z.string();
const maybe = <S extends z.ZodType>(schema: S) => schema.nullable();
const count = z.number().min(0);
const time = z.number();

const kind = {
  id: text,
  title: maybe(text),
  scope: z.enum(BUDGET_SCOPES),
  feature_id: maybe(text),
  role: maybe(text),
  period: z.enum(BUDGET_PERIODS),
  unit: z.enum(BUDGET_UNITS),
  hard: z.boolean(),
  set_by: maybe(text),
};

const budget = z.object({
  ...kind,
  agent: maybe(text),
  limit: maybe(count),
  revision: count,
  set_at: time,
  counted_from: maybe(time),
  first_at: maybe(time),
  accounts: z.array(
    z.object({
      from: time,
      usage,
      assumed: count,
      late_calls: count,
      over_calls: count,
      over: count,
      announced: count,
    }),
  ),
  days: z.array(z.object({ day: z.number(), usd: count, tokens: count })),
}) satisfies z.ZodType<Budget>;

const reservation = z.object({
  ...{
    id: text,
    key_id: maybe(text),
    agent: maybe(text),
    role: maybe(text),
    feature_id: maybe(text),
    task_id: maybe(text),
  },
  ...{ usd: maybe(count), tokens: maybe(count), made_at: time, expires_at: time },
  ...{ calls: count, settled_usd: count, settled_tokens: count, released: z.boolean() },
}) satisfies z.ZodType<Reservation>;

export const wireSpending = z.object({
  months: z.array(z.object({ from: time, usage })),
  budgets: z.array(budget),
  held: z.array(reservation),
  ended: z.array(reservation),
}) satisfies z.ZodType<WireSpending>;

const budgetInfo = z.object({
  ...kind,
  agent_id: maybe(text),
  limit: count,
  set_at: text,
  period_start: maybe(text),
  period_end: maybe(text),
  counted_from: maybe(text).describe("Calls before it are not in this period; null: all are."),
  used: count.describe("Reported, priced, and `assumed`."),
  reserved: count,
  remaining: count,
  share: maybe(count),
  threshold: count.describe("In percent: the highest of 50, 80 and 100 that is reached; 0: none."),
  calls: z.object({ all: count, reported: count, priced: count, unknown: count }),
  assumed: count.describe("What was reserved for calls of unknown cost."),
  late_calls: count.describe("Calls after their reservation had ended."),
  over_calls: count,
  over: count,
  exhaustion: z.discriminatedUnion("state", [
    z.object({ state: z.enum(["unknown", "used_up", "not_in_period"]) }),
    z.object({ state: z.literal("expected"), from: text, to: maybe(text) }),
  ]),
}) satisfies z.ZodType<BudgetInfo>;

export const budgetsResponse = z.object({
  time: text,
  budgets: z.array(budgetInfo),
}) satisfies z.ZodType<BudgetsResponse>;
export const budgetResponse = z.object({ budget: budgetInfo }) satisfies z.ZodType<BudgetResponse>;

export const reserveResponse = z.discriminatedUnion("granted", [
  z.object({
    granted: z.literal(true),
    reservation_id: maybe(text).describe("For `metadata.reservation_id` of the call's tokens_used."),
    expires_at: maybe(text),
    repeated: z.boolean(),
    amount_usd: maybe(count),
    tokens: maybe(count),
    remaining_usd: maybe(count),
    remaining_tokens: maybe(count),
  }),
  z.object({
    granted: z.literal(false),
    reason: z.enum(["budget", "too_many_reservations"]),
    message: text,
    budget_id: maybe(text),
    unit: maybe(z.enum(BUDGET_UNITS)),
    limit: maybe(count),
    used: maybe(count),
    reserved: maybe(count),
    remaining: maybe(count),
    retry_after_s: maybe(count),
    period_end: maybe(text),
  }),
]) satisfies z.ZodType<ReserveResponse>;
export const releaseResponse = z.object({ released: z.boolean() }) satisfies z.ZodType<ReleaseResponse>;
