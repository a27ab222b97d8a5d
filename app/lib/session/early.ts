/**
 * What static/early.js asked for while the app's script was on its way: answers that the app's first questions take in
 * place of asking again, and whether to ask for the teams at once, which to a stranger is an error in the console.
 */
const SIGNED_IN_KEY = "clusterfork:signed-in";

type Answer = Promise<Response | null>;

/** Null: nobody asked, or the question failed. */
export interface Asked {
  /** By path. */
  answers: Record<string, Answer>;
  /** Of the project in the address, whose path is known when the teams are. */
  state: Promise<{ path: string; answer: Answer } | null>;
}

/**
 * `fetch`, whose first questions are answered by what was asked early, once each. They are of the page's beginning:
 * after `end` only the state is left, for another answer may differ later (somebody signed in). A state that is older by
 * seconds is as good: the stream goes on from its seq.
 */
export class EarlyAnswers {
  #answers: Record<string, Answer>;
  #state: Asked["state"] | null;
  readonly #fetch: typeof fetch;

  constructor({ answers, state }: Asked, fetcher: typeof fetch) {
    this.#answers = { ...answers };
    this.#state = state;
    this.#fetch = fetcher;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const asks = typeof input === "string" && (init?.method ?? "GET") === "GET" ? input : "";
    const { [asks]: early, ...others } = this.#answers;
    this.#answers = others;
    return (await early) ?? (await this.#beginning(asks)) ?? this.#fetch(input, init);
  };

  async #beginning(path: string): Promise<Response | null> {
    if (this.#state === null || !path.endsWith("/state")) return null;
    const asked = this.#state;
    // Taken before it is waited for: of two who ask at once, one would be handed a body that is read already. Another
    // project's is of no use to anybody now.
    this.#state = null;
    const state = await asked;
    return state?.path === path ? state.answer : null;
  }

  end(): void {
    this.#answers = {};
  }
}

/** Taken once: a page that leads elsewhere before it is drawn begins anew, and an answer is read but once. */
export function askedEarly(): Asked {
  const asked: unknown = Reflect.get(globalThis, "clusterforkEarly");
  Reflect.deleteProperty(globalThis, "clusterforkEarly");
  if (typeof asked === "object" && asked !== null) return asked as Asked;
  return { answers: {}, state: Promise.resolve(null) };
}

export function noteSignedIn(signed_in: boolean): void {
  try {
    if (signed_in) localStorage.setItem(SIGNED_IN_KEY, "1");
    else localStorage.removeItem(SIGNED_IN_KEY);
  } catch {
    // Storage switched off or full: the app asks by itself, a moment later.
  }
}
