import { expect, it } from "vitest";
import { readsAsClusterfork } from "./reserved-name.ts";

const PRINTABLE = Array.from({ length: 0x7f - 0x21 }, (_, i) => String.fromCharCode(0x21 + i));

it("[T5] the first character alone tells most names apart, and lets nobody pass for Clusterfork", () => {
  for (const first of PRINTABLE) {
    const is_c = first === "c" || first === "C";
    for (const rest of ["lusterfork", "\u200blusterfork: budget", "\u0301lust\u0435rfork", "1usterf0rk"])
      expect([first + rest, readsAsClusterfork(first + rest)]).toEqual([first + rest, is_c]);
  }
  for (const unseen of [" ", "\u200b", "\u00a0", "\u034f", "\u0301"])
    expect(readsAsClusterfork(`${unseen}clusterfork`)).toBe(true);
  for (const first of ["\u0441", "\u03f2", "\uff43", "\u24d2"])
    expect(readsAsClusterfork(`${first}lusterfork`)).toBe(true);
  for (const name of ["", "c", "coder-1", "claude", "clusterforks", "c lusterfor"])
    expect(readsAsClusterfork(name)).toBe(false);
});
