/** What an adapter made of a payload, into the room of its project. */
import { packEvents } from "../../schema/event/batch.ts";
import { MAX_EVENTS_PER_REQUEST } from "../../schema/event/limits.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { DeliveredResponse } from "../../schema/wire/hook.ts";
import type { Adapted } from "../intake/adapter.ts";
import { createSha256Hex, pseudonymWith } from "../intake/hash.ts";
import { prepare } from "../intake/native.ts";
import type { ReadIntake } from "../account/intake.ts";
import type { Price } from "../intake/price.ts";
import type { HttpContext, ProjectAccess } from "./context.ts";
import { refusalFailure } from "./error.ts";

export type Delivered = { ok: true; reply: DeliveredResponse } | { ok: false; failure: Failure };

export type Deliver = (
  c: HttpContext,
  access: ProjectAccess,
  adapted: Adapted,
  source: string,
) => Promise<Delivered>;

/** They remember models and settings, so one of each serves all requests. */
export interface IntakeTools {
  price: Price;
  readIntake: ReadIntake;
}

export function createDeliver({ price }: Pick<IntakeTools, "price">): Deliver {
  const tools = { price, sha256: createSha256Hex() };
  return async (c, { room, principal }, adapted, source) => {
    const { prepared, results } = prepare(
      adapted.events.map((value) => ({ ok: true, value })),
      {
        source,
        key_id: principal.kind === "key" ? principal.key_id : principal.kind,
        now_ms: Date.now(),
        pseudonym: pseudonymWith(c.env.KEY_SECRET),
        ...tools,
      },
    );
    const reply: DeliveredResponse = { accepted: 0, duplicates: 0, ignored: adapted.ignored };
    // Also one that tells nothing is answered only to a key that is good (T4): the room is asked with no events.
    for (let from = 0; from === 0 || from < prepared.length; from += MAX_EVENTS_PER_REQUEST) {
      const appended = await room.append(
        principal,
        packEvents(prepared.slice(from, from + MAX_EVENTS_PER_REQUEST)),
      );
      if (!appended.ok) return { ok: false, failure: refusalFailure(appended) };
      reply.accepted += appended.accepted;
      reply.duplicates += appended.duplicates;
    }
    if (adapted.refused.length > 0) reply.refused = adapted.refused.map(({ message }) => message);
    if (results.length > 0) reply.results = results;
    return { ok: true, reply };
  };
}
