/** What somebody who was let in is given to read: the team the log as it is, a link what its lens shows. */
import type { ColumnsAsk, ColumnsPage, FieldsReply } from "../../schema/column/page.ts";
import { readColumns, readFields } from "./columns.ts";
import type {
  ChainPage,
  LogPage,
  Moment,
  PageQuery,
  Past,
  Principal,
  Refusal,
  StateForm,
  StateReply,
  TimelineReply,
} from "./contract.ts";
import { exportPage } from "./export.ts";
import type { Live } from "./memory.ts";
import { readPast, readTimeline } from "./past.ts";
import { readPage } from "./read.ts";
import type { Lens } from "../share/lens.ts";
import type { Shared } from "./shared.ts";
import { sharedColumns, sharedFields } from "./shared-columns.ts";
import { lastWitness } from "./witness.ts";

export class Reader {
  readonly #sql: SqlStorage;
  readonly #live: Live;
  readonly #shared: Shared;

  constructor(sql: SqlStorage, live: Live, shared: Shared) {
    this.#sql = sql;
    this.#live = live;
    this.#shared = shared;
  }

  log(principal: Principal, query: PageQuery): LogPage | Refusal {
    if (principal.kind === "share") return this.#shared.readLog(principal.share_id, query, Date.now());
    return { ok: true, ...readPage(this.#sql, query), head: this.#live.head() };
  }

  chain(principal: Principal, since: number): ChainPage | Refusal {
    // The chain is about the stored bytes, which a link never shows.
    if (principal.kind === "share") return { ok: false, reason: "not_shared" };
    return {
      ok: true,
      ...exportPage(this.#sql, since),
      witness_seq: lastWitness(this.#sql),
      head: this.#live.head(),
    };
  }

  /** Raw: the Worker looks through the link's lens at what it folds (http/past.ts). */
  past(moment: Moment): Past {
    return readPast(this.#sql, this.#live, moment);
  }

  /** Times, counts and types of events: structure, which every link may show. */
  timeline(buckets: number): TimelineReply {
    return readTimeline(this.#sql, this.#live, buckets);
  }

  state(principal: Principal, form: StateForm = "json"): StateReply | Refusal {
    if (principal.kind === "share")
      return this.#shared.readState(principal.share_id, Date.now(), form === "packed");
    return form === "packed" ? this.#live.packedReply() : this.#live.reply();
  }

  columns(principal: Principal, ask: ColumnsAsk): ColumnsPage | Refusal {
    const read = (asked: ColumnsAsk) => readColumns(this.#sql, this.#live.get(), asked);
    if (principal.kind !== "share") return read(ask);
    const lens = this.#lensOfEvents(principal.share_id);
    return "ok" in lens ? lens : sharedColumns(ask, lens, read);
  }

  fields(principal: Principal): FieldsReply | Refusal {
    const read = () => readFields(this.#sql, this.#live.get());
    if (principal.kind !== "share") return read();
    const lens = this.#lensOfEvents(principal.share_id);
    return "ok" in lens ? lens : sharedFields(read(), lens);
  }

  /** Columns hold what no fold reads, which is for links that show every event alone. */
  #lensOfEvents(share_id: string): Lens | Refusal {
    const lens = this.#shared.lens(share_id);
    if (lens === null) return { ok: false, reason: "unknown_share" };
    return lens.scope.views.includes("events") ? lens : { ok: false, reason: "not_shared" };
  }
}
