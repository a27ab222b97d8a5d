/**
 * Says once for each budget, period and limit that half of it, most of it, and all of it is used. At the end the
 * Penny Pincher goes to the Board.
 *
 *   commit ─▶ fold: reached > announced ─▶ alarm ─▶ own events (ids from budget, revision, time of setting, period, threshold) ─▶ announced
 *
 * What is due is read off the state, so a room that was killed in between says it when it wakes up (B2, B3).
 */
import type { AppendPort, OwnEvent } from "../../schema/event/own.ts";
import { reached, spentOf, THRESHOLDS, usedIn } from "../../schema/state/budget-standing.ts";
import type { Budget, BudgetAccount, Spending } from "../../schema/state/entity/budget.ts";
import type { Gauges } from "./gauges.ts";
import { inTime, Job, pauseAfter, type JobContext } from "./job.ts";
import { BUDGET_TIMEOUT_MS, MAX_BUDGET_PAUSE_MS } from "./limits.ts";
import type { Live } from "./memory.ts";
import type { WakeAt } from "./wake.ts";

export class Thresholds {
  readonly #live: Pick<Live, "get">;
  readonly #append: AppendPort;
  readonly #gauges: Pick<Gauges, "failed">;
  readonly #job: Job;
  #failures = 0;
  #not_before_ms = 0;
  /** In the log already, though the state does not say so: its event was destroyed. Else it would be told for ever. */
  #known: ReadonlySet<string> = new Set();

  constructor(
    context: Pick<JobContext, "waitUntil">,
    live: Pick<Live, "get">,
    append: AppendPort,
    wakeAt: WakeAt,
    gauges: Pick<Gauges, "failed">,
  ) {
    this.#live = live;
    this.#append = append;
    this.#gauges = gauges;
    this.#job = new Job(context, wakeAt, {
      name: "the telling of budgets",
      due: () => (this.#crossed().length === 0 ? null : Math.max(this.#not_before_ms, Date.now())),
      run: () => this.#run(),
      timeout_ms: BUDGET_TIMEOUT_MS,
    });
    // Not looked at while the room wakes, for that would load the state: whatever was committed has an alarm (the drain's).
  }

  /** Called after each commit: some ten comparisons per budget. */
  committed(): void {
    if (!this.#job.is_armed && !this.#job.is_running && this.#crossed().length > 0) this.#job.lookSoon();
  }

  alarm(): Promise<void> {
    return this.#job.alarm();
  }

  #crossed(): Crossed[] {
    return crossed(this.#live.get().state.spending).filter((one) => !this.#known.has(keyOf(one)));
  }

  async #run(): Promise<void> {
    const { time: worked_ms, counters } = this.#live.get().state;
    // Of whatever came last, work or a limit that was set: what brought it there is in the log already.
    const time = new Date(counters.last_time ?? worked_ms).toISOString();
    const told = this.#crossed();
    const said = new Set([...this.#known, ...told.map(keyOf)]);
    const events = told.flatMap(({ budget, account, to }) =>
      THRESHOLDS.filter((percent) => percent > account.announced && percent <= to).flatMap((percent) =>
        tellings(budget, account, percent, time),
      ),
    );
    try {
      await inTime(this.#append(events), BUDGET_TIMEOUT_MS);
      this.#failures = 0;
      this.#not_before_ms = 0;
      const left = crossed(this.#live.get().state.spending).map(keyOf);
      this.#known = new Set(left.filter((key) => said.has(key)));
    } catch (error) {
      this.#failures += 1;
      this.#gauges.failed("budget");
      this.#not_before_ms = Date.now() + pauseAfter(this.#failures, MAX_BUDGET_PAUSE_MS);
      console.error("what a budget has reached could not be stored; it is tried again", error);
    }
  }
}

interface Crossed {
  budget: Budget;
  account: BudgetAccount;
  to: number;
}

function keyOf({ budget: { id, revision, set_at }, account: { from }, to }: Crossed): string {
  return JSON.stringify([id, revision, set_at, from, to]);
}

function crossed({ budgets }: Spending): Crossed[] {
  const found: Crossed[] = [];
  for (const budget of budgets.values()) {
    for (const account of budget.accounts) {
      const to = reached(budget, account);
      if (to > account.announced) found.push({ budget, account, to });
    }
  }
  return found;
}

function tellings(budget: Budget, account: BudgetAccount, percent: number, timestamp: string): OwnEvent[] {
  const { id, unit, limit, revision, set_at } = budget;
  const is_all = percent === THRESHOLDS.at(-1);
  // A budget that was taken away and set again counts its revisions anew.
  const cause: OwnEvent["cause"] = [id, revision, set_at, account.from, percent];
  const { usage } = account;
  const metrics = {
    threshold_percent: percent,
    ...(unit === "usd" ? { limit_usd: limit ?? 0, used_usd: usedIn(account, unit) } : {}),
    ...(unit === "tokens"
      ? { limit_tokens: limit ?? 0, used_tokens: spentOf(usage, unit) + account.assumed }
      : {}),
    unknown_calls: usage.calls - usage.reported_calls - usage.priced_calls,
  };
  const told: OwnEvent = {
    ...{ organ: "budget", cause, timestamp, metrics },
    event_type: is_all ? "budget_exceeded" : "budget_warned",
    metadata: { budget_id: id, revision, period_start: new Date(account.from).toISOString() },
  };
  if (!is_all) return [told];
  // No figure stands in the words: a link that hides money shows them.
  const reason = `The ${budget.hard ? "hard" : "soft"} budget ${id} (${subjectOf(budget)}) is used up. Raise it, or stop what it is for.`;
  const { threshold_percent: _percent, ...figures } = metrics;
  const escalated: OwnEvent = {
    ...{ organ: "penny-pincher", cause, timestamp },
    event_type: "escalated_to_board",
    metadata: { reason, kind: "decision" },
    metrics: figures,
  };
  return [told, escalated];
}

/** What the budget is of. An agent's name is left out: links that alias names show these words. */
function subjectOf({ scope, feature_id, role, period }: Budget): string {
  const each = period === "month" ? "by month" : "for good";
  if (scope === "feature") return `feature ${feature_id ?? ""}, ${each}`;
  if (scope === "role") return `role ${role ?? ""}, ${each}`;
  return `${scope === "agent" ? "one agent" : "whole project"}, ${each}`;
}
