/**
 * Group commit: requests that arrive while the first of them gathers share one transaction.
 * A commit costs about as much for fifty events as for one.
 */
import type { Candidates } from "./append.ts";
import type { Appended, Refusal } from "./contract.ts";
import { ENOUGH_EVENTS } from "./limits.ts";

type Reply = Appended | Refusal;

export class Group {
  readonly #commit: (requests: Candidates[]) => Reply[];
  readonly #gatherMs: () => number;
  #requests: Candidates[] = [];
  #resolvers: ((reply: Reply) => void)[] = [];
  #events = 0;

  /** `commit` never throws: it answers each request, in order. `gatherMs`: how long the first waits for others. */
  constructor(commit: (requests: Candidates[]) => Reply[], gatherMs: () => number) {
    this.#commit = commit;
    this.#gatherMs = gatherMs;
  }

  submit(request: Candidates): Promise<Reply> {
    return new Promise((resolve) => {
      this.#requests.push(request);
      this.#resolvers.push(resolve);
      this.#events += request.events.length;
      if (this.#events >= ENOUGH_EVENTS) this.#flush();
      else if (this.#requests.length === 1) setTimeout(() => this.#flush(), this.#gatherMs());
    });
  }

  #flush(): void {
    if (this.#requests.length === 0) return;
    const requests = this.#requests;
    const resolvers = this.#resolvers;
    this.#requests = [];
    this.#resolvers = [];
    this.#events = 0;
    const replies = this.#commit(requests);
    resolvers.forEach((resolve, i) => {
      const reply = replies[i];
      if (reply === undefined) throw new Error("a commit answered fewer requests than it got");
      resolve(reply);
    });
  }
}
