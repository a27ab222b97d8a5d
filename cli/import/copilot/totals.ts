/**
 * What a session used beyond what its answers told, by model, when it shuts down.
 *
 * Totals are of the run, or, in versions that carry them over a resume, of the
 * session. They are the session's where none fell below the shutdown before and
 * where they hold the output of all answers so far.
 */
import { count, isObject, object, text, type JsonObject } from "../json-field.ts";
import { given, includingCache, usedAnything } from "../session/reading.ts";

type Usage = Record<string, number>;

export class ShutdownTotals {
  /** Model → output of its answers, by run: the last is the one that goes on. */
  readonly #outputs: Map<string, Map<string, number>>[] = [new Map<string, Map<string, number>>()];
  readonly #told = new Map<string, Usage>();

  answered(model: string | null, call: string, output: number): void {
    const run = this.#outputs.at(-1) ?? new Map<string, Map<string, number>>();
    const calls = run.get(model ?? "unknown") ?? new Map<string, number>();
    run.set(model ?? "unknown", calls.set(call, Math.max(output, calls.get(call) ?? 0)));
  }

  shutDown(data: JsonObject): { model: string; usage: Usage }[] {
    const totals = readTotals(data);
    const carried = [...totals].every(([model, usage]) => {
      const before = this.#told.get(model) ?? {};
      const grew = Object.entries(before).every(([name, amount]) => (usage[name] ?? 0) >= amount);
      return grew && (usage["output_tokens"] ?? 0) >= this.#outputOf(model, this.#outputs);
    });
    const left = [...totals].map(([model, usage]) => {
      const rest = { ...usage };
      const runs = carried ? this.#outputs : this.#outputs.slice(-1);
      const before = carried ? (this.#told.get(model) ?? {}) : {};
      for (const name of Object.keys(rest)) {
        if (name !== "output_tokens") rest[name] = (rest[name] ?? 0) - (before[name] ?? 0);
        else
          rest[name] = Math.max(
            0,
            (rest[name] ?? 0) - Math.max(this.#outputOf(model, runs), before[name] ?? 0),
          );
      }
      return { model, usage: rest };
    });
    for (const [model, usage] of totals) this.#told.set(model, usage);
    this.#outputs.push(new Map<string, Map<string, number>>());
    return left.filter(({ usage }) => usedAnything(usage));
  }

  #outputOf(model: string, runs: readonly Map<string, Map<string, number>>[]): number {
    let sum = 0;
    for (const run of runs) for (const output of run.get(model)?.values() ?? []) sum += output;
    return sum;
  }
}

function readTotals(data: JsonObject): Map<string, Usage> {
  const totals = new Map<string, Usage>();
  for (const [model, metrics] of Object.entries(object(data["modelMetrics"]))) {
    const usage = object(metrics)["usage"];
    if (!isObject(usage)) continue;
    totals.set(
      model,
      includingCache({
        input: usage["inputTokens"],
        cache_read: usage["cacheReadTokens"],
        cache_write: usage["cacheWriteTokens"],
        output: usage["outputTokens"],
        reasoning: usage["reasoningTokens"],
      }),
    );
  }
  if (totals.size > 0) return totals;
  // Without numbers for each model there are those of the session, each kind apart.
  const details = object(data["tokenDetails"]);
  const kind = (name: string): number | null => count(object(details[name])["tokenCount"]);
  const usage = given({
    input_tokens: kind("input"),
    cache_read_tokens: kind("cache_read"),
    cache_write_tokens: kind("cache_write"),
    output_tokens: kind("output"),
  });
  const model = text(data["currentModel"]) ?? Object.keys(object(data["modelMetrics"]))[0] ?? "unknown";
  return usedAnything(usage) ? new Map([[model, usage]]) : totals;
}
