/**
 * Group commit: requests that arrive within GATHER_MS share one transaction.
 * A commit costs about as much for fifty events as for one.
 */
import type { Candidates } from "./append.ts";
import type { Appended, Refusal } from "./contract.ts";
import { GATHER_MS, ENOUGH_EVENTS } from "./limits.ts";

type Reply = Appended | Refusal;

export class Group {
  readonly #commit: (requests: Candidates[]) => Reply[];
  #requests: Candidates[] = [];
  #resolvers: ((reply: Reply) => void)[] = [];
  #events = 0;

  /** `commit` never throws: it answers each request, in order. */
  constructor(commit: (requests: Candidates[]) => Reply[]) {
    this.#commit = commit;
  }

  submit(request: Candidates): Promise<Reply> {
    return new Promise((resolve) => {
      this.#requests.push(request);
      this.#resolvers.push(resolve);
      this.#events += request.events.length;
      if (this.#events >= ENOUGH_EVENTS) this.#flush();
      else if (this.#requests.length === 1) setTimeout(() => this.#flush(), GATHER_MS);
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
