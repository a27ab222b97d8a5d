/** What was learned and whether it helps, in a sentence. */
import type { Lesson } from "../../../schema/wire/lesson.ts";
import type { LessonEffectInfo } from "../../../schema/wire/lesson-effect.ts";
import { counted, NumberWord, numberWord, soFar, type Clause } from "#lib/headline/headline.ts";
import { liftWords } from "./effect.ts";

export interface LessonNumbers {
  /** Of the lessons, those that are skills. */
  skills: boolean;
  /** Those on the page; `more`: there are others behind them. */
  listed: number;
  more: boolean;
  /** A status or category was chosen. */
  filtered: boolean;
  active: number;
  waiting: { count: number; href: string };
  /** By what people and agents said of them. */
  helpful: number;
  harmful: number;
  /** Of whatever lesson ranked best for a task; null: nobody knows it here. */
  effect: Pick<LessonEffectInfo, "verdict" | "lifts"> | null;
  /** What a search found, best first; null: nothing was searched. */
  found: { hits: number; best: number | null; semantic: boolean } | null;
}

export function lessonNumbers(
  lessons: readonly Lesson[],
  given: Pick<LessonNumbers, "skills" | "more" | "filtered" | "effect" | "found"> & { waiting_href: string },
): LessonNumbers {
  const { waiting_href, ...rest } = given;
  const sum = (of: (lesson: Lesson) => number) => lessons.reduce((total, lesson) => total + of(lesson), 0);
  return {
    ...rest,
    listed: lessons.length,
    active: lessons.filter(({ status }) => status === "active").length,
    waiting: { count: lessons.filter(({ status }) => status === "proposed").length, href: waiting_href },
    helpful: sum(({ helpful }) => helpful),
    harmful: sum(({ harmful }) => harmful),
  };
}

const searched = ({ found }: LessonNumbers) => found !== null;
const isAre = (n: number) => (n === 1 ? "is" : "are");

export const LESSON_TABLE: readonly Clause<LessonNumbers>[] = [
  [
    {
      when: ({ found }) => found?.hits === 0,
      say: () => [{ text: "No lesson is near enough to what was asked." }],
    },
    {
      when: ({ found }) => found !== null,
      say: ({ found }) => [
        {
          text: `${NumberWord(found?.hits ?? 0)} ${found?.hits === 1 ? "lesson is" : "lessons are"} near to what was asked; ${found?.hits === 1 ? "it" : "the nearest"} scores ${(found?.best ?? 0).toFixed(2)} of 1.`,
        },
      ],
    },
    {
      when: ({ listed, filtered }) => listed === 0 && filtered,
      say: () => [{ text: "No lesson fits the filter." }],
    },
    {
      when: ({ listed, skills }) => listed === 0 && skills,
      say: () => [{ text: "No pattern was applied and helped yet, so there is no skill." }],
    },
    {
      when: ({ skills }) => skills,
      say: ({ listed, helpful, harmful }) => [
        {
          text: `${NumberWord(listed)} ${listed === 1 ? "pattern was" : "patterns were"} applied and helped: called helpful ${times(helpful)}, harmful ${times(harmful)}${soFar(helpful + harmful)}.`,
        },
      ],
    },
    {
      when: ({ listed }) => listed === 0,
      say: () => [{ text: "No lesson has been learned, so each task begins without one." }],
    },
    {
      when: ({ active }) => active === 0,
      say: ({ listed, more }) => [
        {
          text:
            listed === 1
              ? "The one lesson here is given to nobody."
              : `None of ${more ? "the newest " : ""}${counted(listed, "lesson")} here is given to anybody.`,
        },
      ],
    },
    {
      when: () => true,
      say: ({ active, listed, more }) => [
        {
          text: `${NumberWord(active)} of ${more ? "the newest " : ""}${counted(listed, "lesson")} ${isAre(active)} given out to those who need ${active === 1 ? "it" : "them"}.`,
        },
      ],
    },
  ],
  [
    {
      when: ({ found }) => found !== null && !found.semantic,
      say: () => [{ text: "Only words were compared: what finds meaning does not answer." }],
    },
    {
      when: (numbers) => !searched(numbers) && !numbers.skills && numbers.waiting.count > 0,
      say: ({ waiting: { count, href } }) => [
        { text: `${NumberWord(count)} ${count === 1 ? "waits" : "wait"} for approval`, href },
        { text: "." },
      ],
    },
  ],
  [
    {
      when: (numbers) =>
        searched(numbers) || numbers.skills || numbers.listed === 0 || numbers.effect === null,
      say: () => [],
    },
    {
      when: ({ effect }) => effect?.verdict === "helps" || effect?.verdict === "harms",
      say: ({ effect }) => {
        if (effect === null) return [];
        const lift = effect.lifts.success;
        const figures = liftWords(lift);
        const few = soFar(Math.min(lift.handed, lift.withheld));
        return [
          {
            text: `Handing them over ${effect.verdict === "helps" ? "helps" : "does harm"}${few}${figures === null ? "" : `: ${figures}`}.`,
          },
        ];
      },
    },
    {
      when: ({ effect }) => effect?.verdict === "helps too little",
      say: () => [{ text: "Handing them over changes little." }],
    },
    {
      when: ({ helpful, harmful }) => helpful + harmful === 0,
      say: () => [{ text: "Nobody has rated one, and whether they help cannot be told yet." }],
    },
    {
      when: () => true,
      say: ({ helpful, harmful }) => [
        {
          text: `They were called helpful ${times(helpful)} and harmful ${times(harmful)}${soFar(helpful + harmful)}; whether they help cannot be told yet.`,
        },
      ],
    },
  ],
];

const times = (n: number): string => (n === 0 ? "never" : n === 1 ? "once" : `${numberWord(n)} times`);
