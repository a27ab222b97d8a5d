/**
 * The room as its links see it: a lens per link, and what all of them together
 * may cost. Redaction is work in the thread that commits the team's events, so
 * it has a budget of its own, and who exceeds it waits (V2).
 */
import { showsSubject, type ShareScope } from "../../schema/state/share.ts";
import { createLens, type Lens } from "../share/lens.ts";
import { TokenBucket } from "./bucket.ts";
import type { LogPage, PageQuery, Principal, Refusal, StateReply } from "./contract.ts";
import { MAX_REDACTED_PER_SECOND, MAX_SHARED_STATES, SHARED_SNAPSHOT_MS } from "./limits.ts";
import type { Live } from "./memory.ts";
import { readPage } from "./read.ts";
import { scopeOf } from "./shares.ts";

interface Looked {
  lens: Lens;
  /** Shared by visitors who come together. */
  state: { seq: number; time: number; made_ms: number; text: string } | null;
}

export class Shared {
  readonly #sql: SqlStorage;
  readonly #live: Live;
  readonly #key_secret: string;
  readonly #budget: TokenBucket;
  readonly #links = new Map<string, Looked>();

  constructor(sql: SqlStorage, live: Live, key_secret: string, now_ms: number) {
    this.#sql = sql;
    this.#live = live;
    this.#key_secret = key_secret;
    this.#budget = new TokenBucket(MAX_REDACTED_PER_SECOND, now_ms);
  }

  /** Null when the link was revoked. What a link shows never changes. */
  lens(share_id: string): Lens | null {
    return this.#look(share_id)?.lens ?? null;
  }

  /** What a link shows; null for everybody else. */
  scopeOf(principal: Principal): ShareScope | null {
    return principal.kind === "share" ? (this.lens(principal.share_id)?.scope ?? null) : null;
  }

  /** After a revocation, or when the log changed under everybody's feet. */
  drop(share_id?: string): void {
    if (share_id === undefined) this.#links.clear();
    else this.#links.delete(share_id);
  }

  /** False when this many events must wait. */
  affords(events: number, now_ms: number): boolean {
    return this.#budget.take(events, now_ms) === null;
  }

  /** `recent`: for who follows the stream from there, one that was made for another visitor a moment ago does. */
  readState(share_id: string, now_ms: number, recent = false): StateReply | Refusal {
    const looked = this.#look(share_id);
    if (looked === null) return { ok: false, reason: "unknown_share" };
    const { seq } = this.#live.get();
    if (looked.state?.seq !== seq && !(recent && isFresh(looked.state, now_ms))) {
      const wait_ms = this.#renew(looked, now_ms);
      if (wait_ms !== null) return busy(wait_ms);
    }
    const { state } = looked;
    if (state === null) throw new Error("a state that was made anew is there");
    return { ok: true, seq: state.seq, time: state.time, state: state.text };
  }

  /** For a new viewer, or one who fell behind: a state at `min_seq` or later. Null: there is no time for it now. */
  snapshot(
    share_id: string,
    min_seq: number,
    now_ms: number,
    must = false,
  ): { seq: number; text: string } | null {
    const looked = this.#look(share_id);
    if (looked === null) return null;
    const known = looked.state;
    const serves = known !== null && known.seq >= min_seq && isFresh(known, now_ms);
    if (!serves && this.#renew(looked, now_ms, must) !== null) return null;
    const { state } = looked;
    if (state === null) return null;
    const { seq, time, text } = state;
    return { seq, text: `{"type":"snapshot","seq":${seq},"time":${time},"state":${text}}` };
  }

  readLog(share_id: string, query: PageQuery, now_ms: number): LogPage | Refusal {
    const lens = this.lens(share_id);
    if (lens === null) return { ok: false, reason: "unknown_share" };
    const { agent, ...rest } = query;
    const head = this.#live.head();
    let name: string | null = null;
    if (agent !== undefined) {
      name = lens.nameOf(agent, this.#live.get().state.agents.keys());
      // Nobody whom the link shows is called so, whoever else is.
      if (name === null) return { ok: true, events: [], next: null, head };
    }
    const page = readPage(this.#sql, name === null ? rest : { ...rest, agent: name }, (event) =>
      showsSubject(event, lens.scope),
    );
    const wait_ms = this.#budget.take(page.events.length, now_ms);
    if (wait_ms !== null) return busy(wait_ms);
    return { ok: true, events: page.events.map((text) => lens.line(text)), next: page.next, head };
  }

  #look(share_id: string): Looked | null {
    const known = this.#links.get(share_id);
    if (known !== undefined) return known;
    const scope = scopeOf(this.#sql, share_id);
    if (scope === null) return null;
    const looked: Looked = { lens: createLens(this.#key_secret, share_id, scope), state: null };
    this.#links.set(share_id, looked);
    return looked;
  }

  /** Redacts the state anew. Milliseconds to wait when there is no time for it; null when it is done. */
  #renew(looked: Looked, now_ms: number, must = false): number | null {
    const { seq, state } = this.#live.get();
    const { open_tasks, closed_tasks, open_features, closed_features, agents } = state;
    const entries =
      open_tasks.size + closed_tasks.size + open_features.size + closed_features.size + agents.size;
    const wait_ms = this.#budget.take(entries, now_ms);
    if (wait_ms !== null && !must) return wait_ms;
    const kept = [...this.#links.values()].filter((other) => other.state !== null && other !== looked);
    for (const other of kept.slice(0, Math.max(0, kept.length - MAX_SHARED_STATES + 1))) other.state = null;
    looked.state = { seq, time: state.time, made_ms: now_ms, text: looked.lens.stateText(state) };
    return null;
  }
}

const isFresh = (state: Looked["state"], now_ms: number): boolean =>
  state !== null && now_ms - state.made_ms < SHARED_SNAPSHOT_MS;

function busy(wait_ms: number): Refusal {
  return {
    ok: false,
    reason: "rate_limited",
    retry_after_s: Math.ceil(wait_ms / 1_000),
    limit: "redacted events per second of this project",
  };
}
