import type { Said } from "./record.ts";

/**
 * Which model calls may still grow. A call's lines stand between the results of
 * its own tools, which run while the model goes on writing, so a result says
 * nothing about the end: only what its agent does next does.
 */
export class OpenCalls {
  /** The newest call of each agent. */
  readonly #newest = new Map<string, string>();

  hear(agent: string, said: Said): void {
    if (said.kind === "assistant" && said.call !== null) this.#newest.set(agent, said.call.message_id);
    else if (said.kind === "turn ended") this.#newest.delete(agent);
    else if (said.kind === "user" && (said.prompt !== null || said.interrupted)) this.#newest.delete(agent);
  }

  unfinished(): Iterable<string> {
    return this.#newest.values();
  }
}
