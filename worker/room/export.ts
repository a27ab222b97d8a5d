/** One page of the log with its chain, in whole commits (the format: schema/wire/export.ts). */
import type { ExportCommit, ExportForgotten } from "../../schema/wire/export.ts";
import type { Head } from "../../schema/wire/http.ts";
import { GENESIS, hexOf, textsOf } from "./chain.ts";
import type { ChainPage } from "./contract.ts";
import { MAX_PAGE_LENGTH } from "./limits.ts";
import { chainRowsFrom, headBefore } from "./log.ts";

/** The commits from the one that holds `since + 1`; the first may begin before it. */
export function exportPage(sql: SqlStorage, since: number): Omit<ChainPage, "ok" | "head" | "witness_seq"> {
  const lines: string[] = [];
  let previous: Head | null = null;
  let reached: Head | null = null;
  let length = 0;
  for (const row of chainRowsFrom(sql, since + 1)) {
    if (length >= MAX_PAGE_LENGTH) return { lines, previous, reached, next: reached?.seq ?? null };
    if (previous === null) {
      const seq = row.first_seq - 1;
      previous = { seq, hash: hexOf(seq === 0 ? GENESIS : headBefore(sql, row.first_seq)) };
    }
    const commit: ExportCommit = {
      clusterfork: "commit",
      first_seq: row.first_seq,
      last_seq: row.last_seq,
      salts: hexOf(row.salts),
      leaves: hexOf(row.leaves),
      head: hexOf(row.head),
    };
    lines.push(JSON.stringify(commit));
    for (const [i, text] of textsOf(row.events).entries())
      lines.push(text === "" ? forgotten(row.first_seq + i) : text);
    length += commit.salts.length + commit.leaves.length + row.events.length;
    reached = { seq: row.last_seq, hash: commit.head };
  }
  return { lines, previous, reached, next: null };
}

function forgotten(seq: number): string {
  return JSON.stringify({ clusterfork: "forgotten", seq } satisfies ExportForgotten);
}
