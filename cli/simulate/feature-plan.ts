/**
 * What becomes of a request: its tasks, what each waits for, the files it will
 * touch. A plan is drawn from the feature's own stream, so it is the same
 * whoever works on it and whenever.
 *
 *   data ─▶ api ─┬▶ ui ─┬▶ tests
 *                ├▶ job └▶ docs
 *                └▶ settings
 */
import { SEQUELS, SUBJECTS, type Subject } from "./corpus.ts";
import type { Random } from "./random.ts";

export const TASK_KINDS = ["data", "api", "ui", "job", "settings", "tests", "docs"] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export interface PlannedTask {
  kind: TaskKind;
  title: string;
  /** Places in the plan that must be merged first. */
  after: number[];
  files: string[];
}

export interface FeaturePlan {
  slug: string;
  title: string;
  wish: string;
  area: string;
  /** 0 is the most urgent. */
  priority: number;
  tasks: PlannedTask[];
}

interface KindShape {
  /** Share of features that need it. */
  share: number;
  after: readonly TaskKind[];
  title: (subject: Subject) => string;
  files: (subject: Subject, random: Random) => string[];
}

/** The shares give about five tasks per feature, three to seven: what a day's feature is cut into. */
const SHAPES: Record<TaskKind, KindShape> = {
  data: {
    share: 0.75,
    after: [],
    title: ({ noun }) => `Store ${noun}: table and migration`,
    files: ({ slug, area }, random) => [
      `db/migrations/${String(random.int(100, 999))}_${slug.replaceAll("-", "_")}.sql`,
      `server/${area}/${slug}-table.ts`,
    ],
  },
  api: {
    share: 1,
    after: ["data"],
    title: ({ noun }) => `Serve ${noun} over the API`,
    // The route table is everybody's: here agents wait for each other.
    files: ({ slug, area }) => [`server/${area}/${slug}.ts`, "server/routes.ts"],
  },
  ui: {
    share: 0.9,
    after: ["api"],
    title: ({ noun, area }) => `Show ${noun} on the ${area} page`,
    files: ({ slug, area }) => [`web/${area}/${slug}.svelte`, `web/${area}/page.svelte`],
  },
  job: {
    share: 0.45,
    after: ["api"],
    title: ({ noun }) => `Keep ${noun} up to date in the background`,
    files: ({ slug }) => [`server/jobs/${slug}.ts`, "server/jobs/schedule.ts"],
  },
  settings: {
    share: 0.35,
    after: ["api"],
    title: ({ noun }) => `Let admins switch ${noun} on and off`,
    files: () => ["server/settings.ts", "web/settings/page.svelte"],
  },
  tests: {
    share: 0.85,
    after: ["ui", "api", "job"],
    title: ({ noun }) => `Test ${noun} end to end`,
    files: ({ slug }) => [`test/e2e/${slug}.test.ts`],
  },
  docs: {
    share: 0.5,
    after: ["ui", "api"],
    title: ({ noun }) => `Explain ${noun} to users`,
    files: ({ slug }) => [`docs/${slug}.md`],
  },
};

/** The plan of the n-th request, from 0. */
export function planFeature(number: number, random: Random): FeaturePlan {
  const round = Math.floor(number / SUBJECTS.length);
  const subject = SUBJECTS[number % SUBJECTS.length] ?? SUBJECTS[0];
  const kinds = TASK_KINDS.filter((kind) => random.chance(SHAPES[kind].share));
  const title =
    round === 0 ? subject.title : `${SEQUELS[(round - 1) % SEQUELS.length] ?? SEQUELS[0]} ${subject.noun}`;
  return {
    slug: round === 0 ? subject.slug : `${subject.slug}-${round + 1}`,
    title,
    wish: subject.wish,
    area: subject.area,
    priority: random.int(0, 3),
    tasks: kinds.map((kind) => ({
      kind,
      title: SHAPES[kind].title(subject),
      after: SHAPES[kind].after.map((needed) => kinds.indexOf(needed)).filter((place) => place >= 0),
      files: SHAPES[kind].files(subject, random),
    })),
  };
}
