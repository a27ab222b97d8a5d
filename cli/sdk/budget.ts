/**
 * Asking before a call whether the budgets have room for it.
 *
 *   reserve ─▶ POST /v1/budgets/reserve ─┬─ 200 granted or not: the server decided
 *                                        └─ anything else: nobody did, and `when_away` says what then
 *
 * Nothing here throws: an absent server must not stop the work, unless its owner wants just that (`closed`).
 */
import { request, RequestError } from "../client/transport.ts";
import type { ReserveResponse } from "../../schema/wire/budget.ts";
import type { Target } from "./target.ts";

/** How long a call may wait for the answer, ms: it stands before every call of a model. */
export const BUDGET_TIMEOUT_MS = 2_000;

export interface BudgetOptions {
  /**
   * What holds when nobody decides: the server is away, or refuses the question. `open` (default): the call may take
   * place, and `onError` is told; `closed`: it may not.
   */
  when_away?: "open" | "closed";
  /** Waits for an answer at most so long; default 2,000. */
  timeout_ms?: number;
}

export interface BudgetAsk {
  /** Default: that of the sender's `defaults`. */
  agent_id?: string;
  agent_role?: string;
  feature_id?: string;
  task_id?: string;
  /** The most that the call may cost; or tokens and a model, which are priced. */
  amount_usd?: number;
  tokens?: number;
  input_tokens?: number;
  max_output_tokens?: number;
  model?: string;
  provider?: string;
  /** Seconds until it is given back by itself; default 300, at most 3,600. */
  ttl_s?: number;
  /** The same key is the same reservation: for who asks again after an answer was lost. */
  idempotency_key?: string;
}

export type BudgetAnswer =
  | {
      granted: true;
      /** `absence`: nobody decided, and the sender is set to go on. */
      decided_by: "server" | "absence";
      /** For `metadata.reservation_id` of the call's tokens_used; null: nothing is held. */
      reservation_id: string | null;
      message: string | null;
    }
  | {
      granted: false;
      decided_by: "server" | "absence";
      message: string;
      /** When others will have given enough back; null: nobody knows. */
      retry_after_s: number | null;
    };

export type Guarded<T> =
  { granted: true; value: T; reservation_id: string | null } | (BudgetAnswer & { granted: false });

type Tell = (kind: "unavailable" | "refused" | "invalid", message: string) => void;

export class BudgetGate {
  readonly #target: Target;
  readonly #agent_id: string | undefined;
  readonly #closed: boolean;
  readonly #timeout_ms: number;
  readonly #tell: Tell;

  constructor(target: Target, agent_id: string | undefined, options: BudgetOptions, tell: Tell) {
    this.#target = target;
    this.#agent_id = agent_id;
    this.#closed = options.when_away === "closed";
    this.#timeout_ms = options.timeout_ms ?? BUDGET_TIMEOUT_MS;
    this.#tell = tell;
  }

  /** Whether the call may take place. Never rejects. */
  async reserve(ask: BudgetAsk): Promise<BudgetAnswer> {
    const agent_id = ask.agent_id ?? this.#agent_id;
    let answer: ReserveResponse;
    try {
      answer = await this.#post<ReserveResponse>("reserve", { ...ask, agent_id });
    } catch (error) {
      return this.#undecided(error);
    }
    if (typeof answer !== "object" || answer === null || typeof answer.granted !== "boolean")
      return this.#undecided(
        new Error("the server's answer is none of Clusterfork's. Is the address right?"),
      );
    return answer.granted
      ? { granted: true, decided_by: "server", reservation_id: answer.reservation_id, message: null }
      : {
          granted: false,
          decided_by: "server",
          message: answer.message,
          retry_after_s: answer.retry_after_s,
        };
  }

  /** Gives back what a call that did not take place had reserved. Never rejects: it expires all the same. */
  async release(reservation_id: string): Promise<boolean> {
    try {
      return (await this.#post<{ released: boolean }>("release", { reservation_id })).released;
    } catch (error) {
      this.#told(error, "A reservation could not be given back; it expires by itself.");
      return false;
    }
  }

  /** Reserves, calls, and gives back where the call throws; what it throws is passed on. The call reports its own tokens_used. */
  async guard<T>(ask: BudgetAsk, call: (reservation_id: string | null) => Promise<T>): Promise<Guarded<T>> {
    const answer = await this.reserve(ask);
    if (!answer.granted) return answer;
    const { reservation_id } = answer;
    try {
      return { granted: true, value: await call(reservation_id), reservation_id };
    } catch (error) {
      if (reservation_id !== null) await this.release(reservation_id);
      throw error;
    }
  }

  #undecided(error: unknown): BudgetAnswer {
    const then = this.#closed
      ? "No budget was asked, so the call is refused (when_away: closed)."
      : "No budget was asked, and the call goes on (when_away: open).";
    const message = this.#told(error, then);
    return this.#closed
      ? { granted: false, decided_by: "absence", message, retry_after_s: null }
      : { granted: true, decided_by: "absence", reservation_id: null, message };
  }

  #told(error: unknown, then: string): string {
    const status = error instanceof RequestError ? error.status : 0;
    const kind =
      status === 401 || status === 403
        ? "refused"
        : status >= 400 && status < 429
          ? "invalid"
          : "unavailable";
    const message = `${error instanceof Error ? error.message : String(error)} ${then}`;
    this.#tell(kind, message);
    return message;
  }

  async #post<T>(path: string, body: object): Promise<T> {
    const reply = await request(
      this.#target,
      `/v1/budgets/${path}`,
      {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
        signal: AbortSignal.timeout(this.#timeout_ms),
      },
      { maxTries: 1, fetch: this.#target.fetch },
    );
    return (await reply.json()) as T;
  }
}
