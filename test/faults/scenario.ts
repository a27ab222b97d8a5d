/** One hostile condition that the served product is put under. */
export interface Scenario {
  name: string;
  /** What holds afterwards, as one sentence. */
  proves: string;
  /** Of DESIGN §5. */
  invariants: readonly string[];
  /** What this machine lacks for it, as a reason; null when it can run here. */
  missing?(): string | null;
  /** Rejects when something does not hold. Leaves no process, mount or file behind, also then. */
  run(context: Context): Promise<void>;
}

export interface Context {
  /** A part of it that takes some seconds, for `npm test`. */
  quick: boolean;
  /** What all of its chance is drawn from. */
  seed: number;
  /** How often a scenario repeats what it does, where it does so and somebody asks; else it knows. */
  times?: number;
  /** A figure for the table; a second one of the same name replaces the first. */
  report(name: string, value: string | number): void;
}

export interface Outcome {
  scenario: Scenario;
  figures: [name: string, value: string | number][];
  seconds: number;
  /** Why it could not run here. */
  missing: string | null;
  /** Null when all held. */
  error: Error | null;
}

export async function play(scenario: Scenario, asked: Omit<Context, "report">): Promise<Outcome> {
  const figures = new Map<string, string | number>();
  const missing = scenario.missing?.() ?? null;
  const started = performance.now();
  let error: Error | null = null;
  if (missing === null) {
    try {
      await scenario.run({ ...asked, report: (name, value) => figures.set(name, value) });
    } catch (thrown) {
      error = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }
  return { scenario, figures: [...figures], seconds: (performance.now() - started) / 1_000, missing, error };
}
