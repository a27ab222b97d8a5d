import { expect, it } from "vitest";
import { EarlyAnswers } from "./early.ts";

const answer = (text: string) => Promise.resolve(new Response(text));

function askedFor(asked: ConstructorParameters<typeof EarlyAnswers>[0]) {
  const anew: string[] = [];
  const early = new EarlyAnswers(asked, (input) => {
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
