/** What `npm run bench` runs, in this order, and what can be asked for by name besides. */
import type { Figure } from "./figure.ts";
import type { LongLog } from "./long-log.ts";

export interface Plan {
  /** Runs of each figure, where it says itself how many it needs. */
  runs: number | undefined;
  log: LongLog;
  say: (line: string) => void;
}

export interface Bench {
  about: string;
  /** Part of `npm run bench` without names: the figures of DESIGN §8. */
  in_suite: boolean;
  run: (plan: Plan) => Promise<Figure[]>;
}

/** Leaves the default where nothing was asked for. */
const many = (runs: number | undefined) => (runs === undefined ? {} : { runs });

/** It drives a page, so the program of test/e2e checks its types: this one knows Workers and no DOM. */
const scrub = (path: string): Promise<{ benchScrub: (options: { say: Plan["say"] }) => Promise<Figure[]> }> =>
  import(path);

const dashboard = (
  path: string,
): Promise<{
  benchDashboard: (options: { say: Plan["say"]; parts?: readonly string[] }) => Promise<Figure[]>;
}> => import(path);

/** Loaded when they are asked for: one needs a browser, several the whole Worker's sources. */
export const SUITE: Record<string, Bench> = {
  append: {
    about: "events/s of a room beside bare Durable Objects, at batch 1, 10, 100, 1,000",
    in_suite: true,
    run: async ({ runs, say }) =>
      (await import("./append.ts")).benchAppend({ say, ...(runs === undefined ? {} : { rounds: runs }) }),
  },
  stream: {
    about: "from a sender's request to every viewer's socket",
    in_suite: true,
    run: async ({ say }) => (await import("./stream.ts")).benchStream({ say }),
  },
  fold: {
    about: "events/s of the fold",
    in_suite: true,
    run: async ({ runs, say }) => (await import("./fold.ts")).benchFold({ say, ...many(runs) }),
  },
  wake: {
    about: "waking up with a million events behind it",
    in_suite: true,
    run: async ({ runs, log, say }) => (await import("./wake.ts")).benchWake({ log, say, ...many(runs) }),
  },
  past: {
    about: "looks at the past of a million events",
    in_suite: true,
    run: async ({ runs, log, say }) => (await import("./past.ts")).benchPast({ log, say, ...many(runs) }),
  },
  query: {
    about: "questions on a million events, and what appends feel of them",
    in_suite: true,
    run: async ({ runs, say }) => (await import("./query.ts")).benchQuery({ say, ...many(runs) }),
  },
  metrics: {
    about: "the metrics over a million events, from the live state and from the archive",
    in_suite: true,
    run: async ({ runs, say }) => (await import("./metrics.ts")).benchMetrics({ say, ...many(runs) }),
  },
  import: {
    about: "events/s of `clusterfork import`",
    in_suite: true,
    run: async ({ runs, say }) => (await import("./import.ts")).benchImport({ say, ...many(runs) }),
  },
  cost: {
    about: "rows written per event, and dollars per million events",
    in_suite: true,
    run: async ({ say }) => (await import("./cost.ts")).benchCost({ say }),
  },
  lessons: {
    about: "searching ten thousand lessons, and embedding one text",
    in_suite: true,
    run: async ({ runs, say }) => (await import("./lessons.ts")).benchLessons({ say, ...many(runs) }),
  },
  audit: {
    about: "the nightly walk over a chain of a million events",
    in_suite: false,
    run: async ({ say }) => (await import("./audit.ts")).benchAudit({ say }),
  },
  parse: {
    about: "one event on its way in",
    in_suite: false,
    run: async ({ runs }) => (await import("./parse.ts")).benchParse(many(runs)),
  },
  redact: {
    about: "redaction of secrets",
    in_suite: false,
    run: async ({ runs }) => (await import("./redact.ts")).benchRedact(many(runs)),
  },
  scrub: {
    about: "time travel in a browser, over a million events (build before)",
    in_suite: false,
    run: async ({ say }) => (await scrub("./scrub.ts")).benchScrub({ say }),
  },
  dashboard: {
    about: "the Task Flow in a browser: paint, frames and heap (build before; 20 min)",
    in_suite: false,
    run: async ({ say }) => (await dashboard("./dashboard.ts")).benchDashboard({ say }),
  },
  paint: {
    about: "of it, first looks: largest paint, blocking time, script",
    in_suite: false,
    run: async ({ say }) => (await dashboard("./dashboard.ts")).benchDashboard({ say, parts: ["paint"] }),
  },
  frames: {
    about: "of it, frames and interactions while it is panned and while it streams",
    in_suite: false,
    run: async ({ say }) => (await dashboard("./dashboard.ts")).benchDashboard({ say, parts: ["frames"] }),
  },
  heap: {
    about: "of it, the heap while it streams",
    in_suite: false,
    run: async ({ say }) => (await dashboard("./dashboard.ts")).benchDashboard({ say, parts: ["heap"] }),
  },
  sha256: {
    about: "one digest in workerd",
    in_suite: false,
    run: async ({ runs, say }) => (await import("./sha256.ts")).benchSha256({ say, ...many(runs) }),
  },
  share: {
    about: "what a share link costs its room",
    in_suite: false,
    run: async ({ runs }) => (await import("./share.ts")).benchShare(many(runs)),
  },
};
