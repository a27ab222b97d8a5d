import { expect, it } from "vitest";
import { Turns } from "./turn.ts";

/** A clock that goes on only while somebody waits. */
function clock() {
  let now_ms = 0;
  return {
    turns: new Turns(
      () => now_ms,
      async (ms) => {
        now_ms += ms;
        await Promise.resolve();
      },
    ),
    pass(ms: number): void {
      now_ms += ms;
    },
  };
}

it("lets two questions of a project run at once, others in the order in which they came, and no crowd", async () => {
  const { turns } = clock();
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const ask = async (n: number) => {
    const giveBack = await turns.take("p");
    if (giveBack === null) return "refused";
    running += 1;
    most = Math.max(most, running);
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
    running -= 1;
    done.push(n);
    giveBack();
    return "answered";
  };
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n)));
  expect(most).toBe(2);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  // Two that run, twelve that wait.
  expect(outcomes.filter((outcome) => outcome === "answered")).toHaveLength(14);
  expect(outcomes.slice(14)).toEqual(Array.from({ length: 6 }, () => "refused"));
});

it("keeps projects apart", async () => {
  const { turns } = clock();
  for (const project of ["a", "a", "b", "b"]) expect(await turns.take(project)).not.toBeNull();
});

it("[B3] forgets the turns of those who hung up", async () => {
  const { turns, pass } = clock();
  await turns.take("p");
  await turns.take("p");
  // Nobody gives them back: who waits meanwhile waits for its time, and no longer.
  expect(await turns.take("p")).toBeNull();
  pass(30_000);
  expect(await turns.take("p")).not.toBeNull();
});
