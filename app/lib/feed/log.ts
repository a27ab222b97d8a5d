/**
 * Reading the log behind what the stream brought: pages of `GET …/events`.
 * The API goes upwards from `since`; going back means asking for the page that
 * ends just before what is known.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { EventsPage } from "../../../schema/wire/http.ts";

export interface LogQuery {
  since: number;
  limit: number;
  task?: string;
}

export type LogAnswer =
  { ok: true; page: EventsPage } | { ok: false; message: string; request_id: string | undefined };
export type ReadLog = (query: LogQuery) => Promise<LogAnswer>;

/** One screen has ~40 rows; a page is a few screens and well under a second. */
export const PAGE_EVENTS = 200;
/** A filtered page may scan much and find little; more than this many in a row waits for the reader to ask. */
const MAX_PAGES = 10;

/** The events of the page that ends just before `oldest`, ascending; done at the log's beginning. */
export async function readBefore(read: ReadLog, oldest: number): Promise<LogAnswer & { done?: boolean }> {
  const since = Math.max(0, oldest - PAGE_EVENTS - 1);
  const answer = await read({ since, limit: PAGE_EVENTS });
  if (!answer.ok) return answer;
  const events = answer.page.events.filter((event) => event.seq < oldest);
  return { ok: true, page: { ...answer.page, events }, done: since === 0 };
}

/** One task's events after `since`, up to MAX_PAGES pages; `next` is where to go on, or null. */
export async function readTask(
  read: ReadLog,
  task: string,
  since: number,
): Promise<{
  events: StoredEvent[];
  next: number | null;
  failure: Extract<LogAnswer, { ok: false }> | null;
}> {
  const events: StoredEvent[] = [];
  let next: number | null = since;
  for (let page = 0; page < MAX_PAGES && next !== null; page++) {
    const answer: LogAnswer = await read({ since: next, limit: PAGE_EVENTS, task });
    if (!answer.ok) return { events, next, failure: answer };
    events.push(...answer.page.events);
    next = answer.page.next;
  }
  return { events, next, failure: null };
}

/** By seq, each once, the newest first. */
export function mergeNewestFirst(...lists: StoredEvent[][]): StoredEvent[] {
  const by_seq = new Map<number, StoredEvent>();
  for (const list of lists) for (const event of list) by_seq.set(event.seq, event);
  return [...by_seq.values()].sort((a, b) => b.seq - a.seq);
}

/**
 * What is held (the newest first), and the stream's newest (the oldest first),
 * as one list; null when there is nothing new. Where the stream jumped over
 * something, the list begins anew: a hole is one that scrolling back never closes.
 */
export function joinNews(
  held: StoredEvent[],
  live: StoredEvent[],
): { events: StoredEvent[]; restarted: boolean } | null {
  const known = held[0]?.seq ?? 0;
  const news = live.filter((event) => event.seq > known).reverse();
  const oldest = news.at(-1);
  if (oldest === undefined) return null;
  // Where the live list reaches back to what is held, seqs missing between were withheld, not lost.
  const joined = held.length === 0 || oldest.seq === known + 1 || live.some((event) => event.seq <= known);
  return { events: joined ? [...news, ...held] : news, restarted: !joined };
}
