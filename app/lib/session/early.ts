/**
 * What static/early.js asked for while the app's script was on its way: answers that the app's first questions take in
 * place of asking again, and whether to ask for the teams at all, which to a stranger is an error in the console.
 */
const SIGNED_IN_KEY = "clusterfork:signed-in";

/** By path; null where the question failed. */
type Answers = Record<string, Promise<Response | null>>;

/**
 * `fetch`, whose first questions are answered by what was asked early, once each. They are of the page's beginning:
 * after `end` nothing of them is left, for a later answer may differ (somebody signed in).
 */
export class EarlyAnswers {
  #left: Answers;
  readonly #fetch: typeof fetch;

  constructor(asked: Answers, fetcher: typeof fetch) {
    this.#left = { ...asked };
    this.#fetch = fetcher;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const asks = typeof input === "string" && (init?.method ?? "GET") === "GET" ? input : "";
    const { [asks]: early, ...others } = this.#left;
    this.#left = others;
    return (await early) ?? this.#fetch(input, init);
  };

  end(): void {
    this.#left = {};
  }
}

export function askedEarly(): Answers {
  const asked: unknown = Reflect.get(globalThis, "clusterforkEarly");
  return typeof asked === "object" && asked !== null ? (asked as Answers) : {};
}

export function noteSignedIn(signed_in: boolean): void {
  try {
    if (signed_in) localStorage.setItem(SIGNED_IN_KEY, "1");
    else localStorage.removeItem(SIGNED_IN_KEY);
  } catch {
    // Storage switched off or full: the app asks by itself, a moment later.
  }
}
