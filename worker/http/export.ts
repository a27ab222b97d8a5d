/** `GET …/export`: the log after `since` with its hash chain, streamed (the format: schema/wire/export.ts). */
import { EXPORT_VERSION, type ExportEnd, type ExportStart } from "../../schema/wire/export.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { parseQuery, seqParameter } from "./query.ts";
import { signHead } from "./sign-head.ts";

/**
 * Whole commits, page by page as the client reads, up to the head at the time
 * of the request. `since` inside a commit begins with that commit: a part of
 * one cannot be checked.
 */
export async function getExport(
  c: HttpContext,
  { project_id, room, principal }: ProjectAccess,
): Promise<Reply> {
  const query = parseQuery(c, { since: seqParameter.optional() });
  if (!query.ok) return query.failure;
  const first = await room.readChain(principal, query.value.since ?? 0);
  if (!first.ok) return refusalFailure(first);
  const start: ExportStart = {
    clusterfork: "export",
    v: EXPORT_VERSION,
    previous: first.previous ?? first.head,
  };
  const encoder = new TextEncoder();
  const lines = (texts: readonly string[]): Uint8Array => encoder.encode(`${texts.join("\n")}\n`);
  let end_seq = first.head.seq;
  let page = first;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(lines([JSON.stringify(start)])),
    async pull(controller) {
      if (page.lines.length > 0) controller.enqueue(lines(page.lines));
      if (page.next !== null && page.next < end_seq) {
        const following = await room.readChain(principal, page.next);
        // The status is long sent: without an end line the reader knows that lines are missing.
        if (following.ok) {
          page = following;
          // What was forgotten meanwhile is blank in these pages: they end behind what says so.
          end_seq = Math.max(end_seq, page.witness_seq);
        } else controller.error(new Error(refusalFailure(following).message));
        return;
      }
      const reached = page.reached ?? page.head;
      const signed = await signHead(c.env.KEY_SECRET, project_id, reached, Date.now());
      const end: ExportEnd = { clusterfork: "end", ...reached, signed };
      controller.enqueue(lines([JSON.stringify(end)]));
      controller.close();
    },
  });
  return new Response(body, { headers: { "Content-Type": "application/x-ndjson; charset=utf-8" } });
}
