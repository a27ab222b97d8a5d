/**
 * Tells a request that hangs from a machine that is busy: whatever is not answered in time is tried again by itself,
 * beside a request that is known to be good. It hangs when that one is answered in time and it is not.
 */
/** Longer than any request may take, ms. */
const MAX_ANSWER_MS = 2_000;
const TRIES = 10;

export type Answer = { status: number; text: string };

export class Patience {
  readonly #send: (nth: number) => Promise<Answer>;
  readonly #good: () => Promise<Answer>;
  readonly #late = new Map<number, Promise<Answer>>();

  constructor(send: (nth: number) => Promise<Answer>, good: () => Promise<Answer>) {
    this.#send = send;
    this.#good = good;
  }

  /** Null when it is late; then `settle` has the answer. */
  async ask(nth: number): Promise<Answer | null> {
    const answer = this.#send(nth);
    const inTime = await within(answer);
    if (inTime === null) this.#late.set(nth, answer);
    return inTime;
  }

  /** The answers that were late, once each has come in time; throws for one that hangs. */
  async settle(heard: (nth: number, answer: Answer, again: readonly Answer[]) => void): Promise<number> {
    for (const [nth, answer] of this.#late) {
      const again: Answer[] = [];
      for (let n = 1; again.length === 0; n++) {
        const [good, tried] = await Promise.all([within(this.#good()), within(this.#send(nth))]);
        if (tried !== null) again.push(tried);
        else if (good !== null) throw new Error(`request ${nth} hangs: ${MAX_ANSWER_MS} ms, twice`);
        else if (n === TRIES)
          throw new Error(`request ${nth} was late ${n} times, on a machine too busy to tell why`);
      }
      heard(nth, await answer, again);
    }
    return this.#late.size;
  }
}

async function within(answer: Promise<Answer>): Promise<Answer | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, MAX_ANSWER_MS, null)));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
