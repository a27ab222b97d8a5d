/** The lines of a tail bear the time alone; a line between them says the day, where it is not the one before. */
export class DayMarks {
  #day: string;

  /** Nothing is said of today as long as every event is of today. */
  constructor(today: Date = new Date()) {
    this.#day = dayOf(today);
  }

  /** `── 2026-02-28 ──` where this event opens another day than the one printed last, else null. */
  before(timestamp: string): string | null {
    const day = dayOf(new Date(timestamp));
    if (day === this.#day) return null;
    this.#day = day;
    return `── ${day} ──`;
  }
}

/** In the reader's time zone, as the clock on each line. */
function dayOf(when: Date): string {
  return [when.getFullYear(), when.getMonth() + 1, when.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
}
