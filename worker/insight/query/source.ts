/** What a question needs of the log, and the refusals of whoever keeps it: passed through, never read here. */
import type { ColumnsAsk, ColumnsPage, FieldsReply } from "../../../schema/column/page.ts";

export interface Refused {
  ok: false;
}

export interface LinesPage {
  ok: true;
  /** Stored events as JSON texts. */
  events: string[];
  /** `since` of the next page; null at the end. */
  next: number | null;
}

export interface LogSource<R extends Refused> {
  columns(ask: ColumnsAsk): Promise<ColumnsPage | R>;
  fields(): Promise<FieldsReply | R>;
  /** The log after `since`. */
  lines(since: number, limit: number): Promise<LinesPage | R>;
  /** Events of the log that one question may read one by one; absent: MAX_LOG_EVENTS. */
  log_events?: number;
  /** Lets others have the thread. */
  pause(): Promise<void>;
  /** The log changed under the question: events were destroyed meanwhile. */
  changed(): R;
}
