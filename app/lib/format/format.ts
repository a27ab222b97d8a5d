/** The reader's own formats: made once, of what the browser says about language and time zone. */
import { createFigures, type Figures } from "./figure.ts";
import { createMoments, type Moments } from "./moment.ts";

export interface Format extends Figures, Moments {}

export function createFormat(given: { locale?: string; time_zone?: string; now_ms?: number } = {}): Format {
  return {
    ...createFigures(given.locale),
    ...createMoments(given.locale, given.time_zone, given.now_ms ?? Date.now()),
  };
}

/** Nothing in it changes while a page is open. */
export const format: Format = createFormat();
