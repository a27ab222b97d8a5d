/**
 * The forecast of the feature in view, asked for anew while its log moves. What
 * cannot be asked for or is not known is null: a picture without times is still a picture.
 */
import type { FeatureForecast } from "../../../schema/wire/forecast.ts";

/** Asks the server; null where it has no answer. */
export type AskForecast = (feature_id: string) => Promise<FeatureForecast | null>;

/** The server folds the whole state for an answer: often enough for times told in minutes. */
const REFRESH_MS = 20_000;
/** Events come in bursts; the first picture of a feature does not wait for a second one. */
const SETTLE_MS = 250;

export class Outlook {
  #answer = $state.raw<{ feature_id: string; forecast: FeatureForecast | null } | null>(null);
  #ask: AskForecast;
  #wanted: string | null = null;
  #asked_seq = -1;
  #asked_at = 0;
  #timer = 0;
  #ticket = 0;

  constructor(ask: AskForecast) {
    this.#ask = ask;
  }

  /** Of this feature; null while nobody knows. */
  of(feature_id: string | null): FeatureForecast | null {
    return this.#answer?.feature_id === feature_id ? this.#answer.forecast : null;
  }

  /** Told whenever the picture changes; asks as seldom as it may. Null: nothing is wanted. */
  follow(feature_id: string | null, seq: number): void {
    if (feature_id !== this.#wanted) {
      this.#wanted = feature_id;
      this.#asked_seq = -1;
      this.#asked_at = 0;
      this.close();
    }
    if (feature_id === null || seq === this.#asked_seq || this.#timer !== 0) return;
    const wait_ms = Math.max(SETTLE_MS, this.#asked_at + REFRESH_MS - Date.now());
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      void this.#refresh(feature_id, seq);
    }, wait_ms);
  }

  async #refresh(feature_id: string, seq: number): Promise<void> {
    this.#asked_at = Date.now();
    this.#asked_seq = seq;
    const ticket = ++this.#ticket;
    const forecast = await this.#ask(feature_id);
    if (ticket === this.#ticket && feature_id === this.#wanted) this.#answer = { feature_id, forecast };
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#ticket++;
  }
}
