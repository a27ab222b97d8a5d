/**
 * The Durable Object of one team's lessons: a shell that hands calls to the modules beside it.
 *
 *   rooms ──take──▶ lessons, names, votes (SQLite) ──settle──▶ index
 *   agents ──search, deliver──▶ index ─▶ rank ─▶ answer, and what was given goes to the log of who asked
 *
 * The logs are the truth: this is made of them, event by event, and each event counts once.
 */
import { DurableObject } from "cloudflare:workers";
import type { AppendPort } from "../../../schema/event/own.ts";
import type { Lesson } from "../../../schema/wire/lesson.ts";
import type { Env } from "../../env.ts";
import type { LessonIndex } from "../index/contract.ts";
import type * as rpc from "../query/book.ts";
import { mayAsk, settleAsking } from "./allowance.ts";
import { deliver, searchedEvents } from "./deliver.ts";
import { drawnBy, noteFound } from "./drawn.ts";
import { find, list } from "./find.ts";
import { seenBy } from "./kept.ts";
import { REINDEX_RETRY_MS, REINDEX_STEP } from "./limits.ts";
import { look } from "./look.ts";
import { indexed, Shelf } from "./shelf.ts";
import { taughtBy } from "./purge.ts";
import { migrate } from "./tables.ts";
import { take, type Desk } from "./take.ts";

export interface BookPorts {
  openIndex(sql: SqlStorage): LessonIndex;
  /** The log of one project of the team. */
  openLog(project_id: string): AppendPort;
  /** Keys the coin that decides what is held back. */
  salt: string;
}

export class LessonBook extends DurableObject<Env> implements rpc.BookRpc {
  readonly #ports: BookPorts;
  #desk: Desk | null = null;
  /** Vectors that were missing when it was looked last. */
  #left = Infinity;
  /** One project's events after the other's: what one of them teaches may be a twin of the next. */
  #taking: Promise<unknown> = Promise.resolve();

  constructor(ctx: DurableObjectState, env: Env, ports: BookPorts) {
    super(ctx, env);
    this.#ports = ports;
  }

  async take(told: rpc.Telling): Promise<number> {
    const turn = this.#taking.then(() => take(this.#open(), told));
    this.#taking = turn.catch(() => undefined);
    return turn;
  }

  async list(ask: rpc.ListAsk): Promise<rpc.Listed> {
    return list(this.#open().shelf, ask);
  }

  async get(project: string, id: string): Promise<Lesson | null> {
    const place = this.#open().shelf.find(project, id);
    return place && seenBy(project, place.kept);
  }

  async taughtBy(project: string, key_id: string): ReturnType<rpc.BookRpc["taughtBy"]> {
    const { storage, shelf } = this.#open();
    return taughtBy(storage.sql, shelf, project, key_id);
  }

  async reindex(): Promise<number> {
    const { settle, index } = this.#open();
    await settle();
    try {
      const left = await index.reindex(REINDEX_STEP);
      if (left > 0) await this.ctx.storage.setAlarm(Date.now());
      return left;
    } catch (error) {
      // Who asked hears of it, and the alarm goes on trying.
      await this.ctx.storage.setAlarm(Date.now() + REINDEX_RETRY_MS);
      throw error;
    }
  }

  async search(ask: rpc.SearchAsk): Promise<rpc.Searched> {
    const { index, shelf } = this.#open();
    const { places: _places, ...found } = await find(index, shelf, ask);
    return found;
  }

  async deliver(ask: rpc.DeliverAsk): Promise<rpc.Delivered> {
    const append = this.#ports.openLog(ask.project);
    return deliver({ desk: this.#open(), append, salt: this.#ports.salt }, ask);
  }

  async drawn(project: string): Promise<rpc.Drawn> {
    const { storage, shelf } = this.#open();
    return drawnBy(storage.sql, shelf, project);
  }

  async look(ask: rpc.Look): Promise<rpc.Looked> {
    return look(this.#open(), ask);
  }

  async noteSearched(ask: Parameters<rpc.BookRpc["noteSearched"]>[0]): Promise<void> {
    if (ask.hits.length === 0) return;
    const desk = this.#open();
    const ids = ask.hits.map(({ lesson }) => lesson.id);
    desk.storage.transactionSync(() => noteFound(desk, ask, ids));
    await this.#ports.openLog(ask.project)(searchedEvents(ask.hits, ask));
  }

  /** Without the tables and the index: it concerns neither. */
  async mayAskModel(ask: rpc.MayAsk): Promise<rpc.Allowance> {
    return mayAsk(this.ctx.storage.kv, ask);
  }

  async settleModel(ask: rpc.SettledAsking): Promise<void> {
    settleAsking(this.ctx.storage.kv, ask);
  }

  /** What the index could not take is tried again, and vectors of an embedder of before are made anew (B3). */
  override async alarm(): Promise<void> {
    const { settle, index } = this.#open();
    await settle();
    try {
      const left = await index.reindex(REINDEX_STEP);
      // What gets no less has a cause that a pause may cure: an embedder that is down says so to nobody here.
      const pause_ms = left < this.#left ? 0 : REINDEX_RETRY_MS;
      this.#left = left;
      if (left > 0) await this.ctx.storage.setAlarm(Date.now() + pause_ms);
    } catch (error) {
      console.error("vectors could not be made; it is tried again", error);
      await this.ctx.storage.setAlarm(Date.now() + REINDEX_RETRY_MS);
    }
  }

  /** Opened once; where that fails, the next call tries again. */
  #open(): Desk {
    if (this.#desk !== null) return this.#desk;
    const { storage } = this.ctx;
    migrate(storage);
    const shelf = new Shelf(storage.sql);
    const index = this.#ports.openIndex(storage.sql);
    this.#desk = { storage, shelf, index, settle: () => this.#settle(shelf, index) };
    // Another embedder may have come with this version of the code.
    this.ctx.waitUntil(storage.setAlarm(Date.now()));
    return this.#desk;
  }

  async #settle(shelf: Shelf, index: LessonIndex): Promise<void> {
    try {
      for (;;) {
        const waiting = shelf.waiting(REINDEX_STEP);
        if (waiting.length === 0) return;
        await index.upsert(waiting.map(indexed));
        for (const place of waiting) shelf.taken(place);
      }
    } catch (error) {
      console.error("the index took no lessons; it is tried again", error);
      await this.ctx.storage.setAlarm(Date.now() + REINDEX_RETRY_MS);
    }
  }
}
