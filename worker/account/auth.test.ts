import { expect, it } from "vitest";
import { Auths } from "./auth.ts";

/** Nothing is asked of it: better-auth looks into its database with the first person. */
const d1 = () => ({ prepare: () => undefined }) as unknown as D1Database;
const settings = (origin: string) => ({ secret: "s".repeat(32), origin, trusted_origins: [origin] });

it("is made once for each database and origin", async () => {
  const auths = new Auths();
  const one = d1();
  const first = await auths.open(one, settings("https://a.test"));
  expect(await auths.open(one, settings("https://a.test"))).toBe(first);
  expect(await auths.open(one, settings("https://b.test"))).not.toBe(first);
  const moved = d1();
  const anew = await auths.open(moved, settings("https://a.test"));
  expect(anew).not.toBe(first);
  expect(await auths.open(moved, settings("https://a.test"))).toBe(anew);
  expect(auths.size).toBe(2);
});

it("keeps no more of them, whatever hosts are asked for", async () => {
  const auths = new Auths();
  const one = d1();
  for (let n = 0; n < 20; n += 1) await auths.open(one, settings(`https://h${n}.test`));
  expect(auths.size).toBe(8);
});
