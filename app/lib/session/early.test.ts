import { expect, it } from "vitest";
import { askedEarly, EarlyAnswers, type Asked } from "./early.ts";

const answer = (text: string) => Promise.resolve(new Response(text));

function askedFor(answers: Asked["answers"], state: Asked["state"] = Promise.resolve(null)) {
  const anew: string[] = [];
  const early = new EarlyAnswers({ answers, state }, (input) => {
    anew.push(input as string);
    return answer("asked anew");
  });
  const read = async (path: string, init?: RequestInit) => (await early.fetch(path, init)).text();
  return { early, read, anew };
}

it("takes each early answer once", async () => {
  const { read, anew } = askedFor({ "/who": answer("Ada") });
  expect([await read("/who"), await read("/who"), await read("/else")]).toEqual([
    "Ada",
    "asked anew",
    "asked anew",
  ]);
  expect(anew).toEqual(["/who", "/else"]);
});

it("asks itself where the early question failed, and where something is to be done", async () => {
  const { read } = askedFor({ "/who": Promise.resolve(null), "/teams": answer("early") });
  expect(await read("/who")).toBe("asked anew");
  expect(await read("/teams", { method: "POST" })).toBe("asked anew");
  expect(await read("/teams", { method: "GET" })).toBe("early");
});

it("forgets what nobody took by the end of the beginning: whoever signs in then is somebody else", async () => {
  const { early, read } = askedFor({ "/teams": answer("nobody is signed in") });
  early.end();
  expect(await read("/teams")).toBe("asked anew");
});

it("keeps the state beyond that, once: the stream goes on from its seq", async () => {
  const path = "/api/projects/p1/state";
  const { early, read } = askedFor({}, Promise.resolve({ path, answer: answer("early") }));
  early.end();
  expect([await read(path), await read(path)]).toEqual(["early", "asked anew"]);
});

it("hands the state to one of two who ask before it is there", async () => {
  const path = "/api/projects/p1/state";
  const { read } = askedFor({}, Promise.resolve({ path, answer: answer("early") }));
  expect(await Promise.all([read(path), read(path)])).toEqual(["early", "asked anew"]);
});

it("takes no other project's state, and asks itself where the early question failed", async () => {
  const other = { path: "/api/projects/p2/state", answer: answer("another's") };
  expect(await askedFor({}, Promise.resolve(other)).read("/api/projects/p1/state")).toBe("asked anew");
  const failed = { path: "/api/projects/p1/state", answer: Promise.resolve(null) };
  expect(await askedFor({}, Promise.resolve(failed)).read("/api/projects/p1/state")).toBe("asked anew");
});

it("is taken once: the page's next beginning asks anew, for an answer is read but once", async () => {
  Reflect.set(globalThis, "clusterforkEarly", {
    answers: { "/who": answer("Ada") },
    state: Promise.resolve(null),
  });
  expect(await (await askedEarly().answers["/who"])?.text()).toBe("Ada");
  expect(askedEarly().answers).toEqual({});
});
