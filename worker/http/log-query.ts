/** `GET …/query`, `…/query/compare`, `…/query/fields`: questions on the log, answered here and not in the room. */
import { ENVELOPE_FIELDS } from "../../schema/column/field.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { CompareResponse, FieldsResponse, QueryResponse } from "../../schema/wire/query.ts";
import { readComparison, readQuery } from "../../schema/wire/query-text.ts";
import { compare } from "../insight/query/compare.ts";
import { MAX_SHARED_LOG_EVENTS } from "../insight/query/limits.ts";
import { answer, fieldsOf } from "../insight/query/query.ts";
import type { LogSource } from "../insight/query/source.ts";
import { unknownField } from "../insight/query/unknown-field.ts";
import type { Refusal } from "../room/contract.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { parseQuery } from "./query.ts";
import { TURN_RETRY_S } from "./turn.ts";

/** By then the room has written its columns anew. */
const CHANGED_RETRY_S = 2;

/** How often one question of a link waits for the room to have time for redaction. */
const MAX_WAITS = 20;

function sourceOf({ room, principal, lens }: ProjectAccess): LogSource<Refusal> {
  let waits = 0;
  return {
    ...(lens === undefined ? {} : { log_events: MAX_SHARED_LOG_EVENTS }),
    columns: (ask) => room.readColumns(principal, ask),
    fields: () => room.readFields(principal),
    async lines(since, limit) {
      for (;;) {
        const page = await room.readLog(principal, { since, limit });
        if (page.ok || page.reason !== "rate_limited" || lens === undefined || waits >= MAX_WAITS)
          return page;
        waits += 1;
        await scheduler.wait(page.retry_after_s * 1_000);
      }
    },
    // Not a promise alone: others get the thread only when this one goes back to its event loop.
    pause: () => scheduler.wait(0),
    changed: () => ({ ok: false, reason: "unavailable", retry_after_s: CHANGED_RETRY_S }),
  };
}

export async function getQuery(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const started_ms = performance.now();
  const read = readQuery(new URL(c.req.url).searchParams, Date.now());
  if (!read.ok) return invalid(read.message);
  const source = sourceOf(access);
  const known = await source.fields();
  if (!known.ok) return refusalFailure(known);
  const unknown = unknownField(fieldsOf(read.value), known);
  if (unknown !== null) return invalid(unknown);
  const found = await inTurn(c, access, () => answer(source, read.value));
  if (found === null) return BUSY;
  if (!found.ok) return refusalFailure(found);
  return Response.json({ ...found.answer, elapsed_ms: elapsed(started_ms) } satisfies QueryResponse);
}

export async function getComparison(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const started_ms = performance.now();
  const read = readComparison(new URL(c.req.url).searchParams, Date.now());
  if (!read.ok) return invalid(read.message);
  const source = sourceOf(access);
  const known = await source.fields();
  if (!known.ok) return refusalFailure(known);
  const { where, select } = read.value;
  const asked = [...where, ...select].map(({ field }) => field);
  const unknown = unknownField(asked, known);
  if (unknown !== null) return invalid(unknown);
  const found = await inTurn(c, access, () => compare(source, read.value, known.fields));
  if (found === null) return BUSY;
  if (!found.ok) return refusalFailure(found);
  return Response.json({ ...found.answer, elapsed_ms: elapsed(started_ms) } satisfies CompareResponse);
}

export async function getFields(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, {});
  if (!query.ok) return query.failure;
  const known = await access.room.readFields(access.principal);
  if (!known.ok) return refusalFailure(known);
  const { fields, complete } = known;
  return Response.json({ fields: [...ENVELOPE_FIELDS, ...fields], complete } satisfies FieldsResponse);
}

/** Not a refusal of the key, which may go on with everything else. */
const BUSY: Failure = {
  code: "unavailable",
  message: "This project has as many questions on its log running and waiting as it may have. Ask again.",
  retry_after_s: TURN_RETRY_S,
};

async function inTurn<T>(
  c: HttpContext,
  { project_id, lens }: ProjectAccess,
  work: () => Promise<T>,
): Promise<T | null> {
  // Visitors wait for each other, and the team never for them.
  const giveBack = await c.get("turns").take(lens === undefined ? project_id : `${project_id} shared`);
  if (giveBack === null) return null;
  try {
    return await work();
  } finally {
    giveBack();
  }
}

function invalid(message: string): Failure {
  return { code: "invalid_parameter", message };
}

function elapsed(started_ms: number): number {
  return Math.round(performance.now() - started_ms);
}
