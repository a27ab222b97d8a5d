/** The types that a consumer of the SDK may name. */
export type { BudgetAnswer, BudgetAsk, BudgetOptions, Guarded } from "./budget.ts";
export type { ContextOptions, TaskContext } from "./context.ts";
export type { Defaults, EventMap, KnownEventType, SenderEvent } from "./event.ts";
export type { Options, SpoolOptions } from "./options.ts";
export type { Refusal, Totals, Trouble, TroubleKind } from "./report.ts";
