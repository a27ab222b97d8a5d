import type { WorkflowStep } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import type { OwnEvent } from "../../../schema/event/own.ts";
import { mayAsk, settleAsking } from "../book/allowance.ts";
import { draftLessons, type LessonDraft } from "../lesson/draft.ts";
import type { LanguageModel, Reply } from "../model/contract.ts";
import type { MayAsk } from "../query/book.ts";
import { wordLessons, type Wordsmith } from "./word.ts";

const [DRAFT] = draftLessons(
  [
    {
      ...{ kind: "contention", is_good: false, tasks: ["T-1"], evidence: [4, 5] },
      ...{ effect: { value: 3, usual: null, unit: "times", samples: null }, time_ms: null },
      facts: { path: "server/routes.ts" },
    },
  ],
  { title: "Add rooms", files: [], work_ms: null },
);
const WORDS = {
  headline: "Let one task own all changes to server/routes.ts",
  explanation:
    "It was refused 3 times while another held it, so tasks that touch it should not run side by side.",
  context: "When you plan tasks that touch server/routes.ts.",
};
const step = {
  do: (_name: string, _config: unknown, act: () => unknown) => act(),
} as unknown as WorkflowStep;

/** A team's book, as far as it allows and notes; a log; and a model that answers, or is killed while it does. */
function project(more: Partial<Pick<MayAsk, "per_day" | "team_per_day">> = {}) {
  const kept = new Map<string, string>();
  const kv = {
    get: (key: string): unknown => JSON.parse(kept.get(key) ?? "null") ?? undefined,
    put: (key: string, value: unknown) => void kept.set(key, JSON.stringify(value)),
    delete: (key: string) => kept.delete(key),
  } as unknown as SyncKvStorage;
  let day = 20_000;
  const of = (cause: OwnEvent["cause"], name = "p") => ({ project: name, cause });
  const smith: Wordsmith = {
    model: () => Promise.resolve(model),
    mayAsk: async (cause, asking) =>
      mayAsk(kv, {
        ...{ ...of(cause), per_day: 2, team_per_day: 3, now_ms: day * 86_400_000, asking },
        ...more,
      }),
    settle: async (cause, words) => settleAsking(kv, { ...of(cause), asked: true, words }),
    costOf: () => ({ metadata: { cost_source: "priced" }, cost_usd: 0.5 }),
  };
  let asked = 0;
  let answer: () => Promise<Reply> = () =>
    Promise.resolve({ ok: true, text: JSON.stringify(WORDS), usage: { input_tokens: 9, output_tokens: 3 } });
  const model: LanguageModel = {
    ...{ name: "small", provider: "p" },
    ask() {
      asked += 1;
      return answer();
    },
  };
  const log = new Map<string, OwnEvent>();
  const append = async (events: readonly OwnEvent[]) => {
    for (const event of events) {
      const id = JSON.stringify(event.cause);
      if (!log.has(id)) log.set(id, event);
    }
  };
  return {
    kv,
    calls: () => [...log.values()].filter(({ event_type }) => event_type === "tokens_used"),
    asked: () => asked,
    answerBy: (next: () => Promise<Reply>) => (answer = next),
    tomorrow: () => (day += 1),
    async look(seq: number, draft: LessonDraft | undefined = DRAFT) {
      if (draft === undefined) throw new Error("contention teaches something");
      const about = { organ: "reflection", feature_id: "rooms", timestamp: "2026-11-23T12:00:00.000Z" };
      const { headline, explanation, context } = draft;
      const lesson: OwnEvent = {
        ...{ ...about, cause: ["lesson", "rooms", seq, draft.subject], event_type: "lesson_learned" },
        metadata: { headline, explanation, context },
      };
      const made: OwnEvent = { ...about, cause: ["reflection", "rooms", seq], event_type: "reflection_made" };
      const told = { at: about.timestamp, events: [lesson, made], drafts: [draft] };
      const events = await wordLessons(told, { smith, append, step });
      const wording = events.at(-1)?.metadata?.["wording"];
      return { headline: events[0]?.metadata?.["headline"], model: events[0]?.metadata?.["model"], wording };
    },
  };
}

it("has the words of before where it is looked back on again, on another day too, and where little is left to spend", async () => {
  const { look, asked, calls, tomorrow } = project({ per_day: 1 });
  const worded = { headline: WORDS.headline, model: "small" };
  expect(await look(8)).toEqual({ ...worded, wording: ["model"] });
  expect(await look(9)).toEqual({ ...worded, wording: ["kept"] });
  tomorrow();
  expect(await look(10)).toEqual({ ...worded, wording: ["kept"] });
  expect([asked(), calls().length]).toEqual([1, 1]);
});

it("is asked anew where the evidence says something else", async () => {
  const { look, asked } = project();
  await look(8);
  if (DRAFT === undefined) throw new Error("contention teaches something");
  await look(9, { ...DRAFT, facts: { ...DRAFT.facts, agents: 3 } });
  expect(asked()).toBe(2);
});

it("says of a run that was killed while it asked that it cost something nobody knows, once, and asks no more", async () => {
  const { look, asked, calls, answerBy } = project();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  // As a kill leaves it: noted, asked, and nothing came of it.
  answerBy(() => Promise.reject(new Error("killed")));
  await look(8);
  vi.restoreAllMocks();
  expect(calls()).toEqual([]);
  // So soon nobody knows whether it was, or asks still.
  expect(await look(8)).toMatchObject({ headline: DRAFT?.headline, wording: ["not_asked"] });
  expect(calls()).toEqual([]);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 91_000 });
  expect(await look(8)).toMatchObject({ headline: DRAFT?.headline, wording: ["cut"] });
  expect(await look(9)).toMatchObject({ headline: DRAFT?.headline, wording: ["not_asked"] });
  expect(calls()).toMatchObject([
    { metadata: { model: "small", provider: "p", cost_source: "unknown" }, metrics: {} },
  ]);
  expect(calls()[0]?.metrics).toEqual({});
  expect(asked()).toBe(1);
  vi.useRealTimers();
});

it("[L2] knows what a call cost, though the same is looked back on again while it runs", async () => {
  const { look, asked, calls, answerBy } = project();
  let answer: (reply: Reply) => void = () => undefined;
  answerBy(() => new Promise((resolve) => (answer = resolve)));
  const first = look(8);
  await vi.waitFor(() => expect(asked()).toBe(1));
  // Trouble is reported while the model still answers: another run, which ends no other.
  await look(9);
  answer({ ok: true, text: JSON.stringify(WORDS), usage: { input_tokens: 9, output_tokens: 3 } });
  await first;
  expect(calls()).toMatchObject([{ metrics: { input_tokens: 9, output_tokens: 3, cost_usd: 0.5 } }]);
});

it("counts a team's calls over its projects, and gives back what was not asked after all", () => {
  const { kv } = project();
  const ask = (project: string, n: number): MayAsk => ({
    ...{ project, cause: ["words", n], per_day: 2, team_per_day: 3, now_ms: 86_400_000 },
    asking: { model: "m", provider: "p", cause: ["lesson", n], at: "2026-11-23T12:00:00.000Z" },
  });
  const may = (project: string, n: number) => mayAsk(kv, ask(project, n)).may;
  expect([may("a", 1), may("a", 2), may("a", 3), may("b", 1), may("b", 2)]).toEqual([
    ...[true, true, false, true, false],
  ]);
  settleAsking(kv, { project: "a", cause: ["words", 2], asked: false, words: null });
  expect([may("b", 2), may("a", 2)]).toEqual([true, false]);
});
