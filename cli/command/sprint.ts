/** `clusterfork sprint start|end`: what the team sets out to finish, until when; and that it is over. */
import { userInfo } from "node:os";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { resolveConnection, type Connection } from "../client/connection.ts";
import { postEvents, RequestError } from "../client/transport.ts";
import { clean } from "../print/terminal.ts";
import { mintUuid } from "../sdk/uuid.ts";
import { readMoment, readSpan } from "../simulate/moment.ts";
import { featureId } from "./build.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { explainRequest } from "./refusal.ts";
import { UserError } from "./user-error.ts";

const TEXT = { type: "string" } as const;

export async function sprint(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("sprint", args, {
    ...CONNECTION_OPTIONS,
    ...{ id: TEXT, until: TEXT, goal: TEXT, as: TEXT },
    feature: { type: "string", multiple: true },
  });
  const now_ms = Date.now();
  const { event_type, metadata, said } = sprintOf(positionals, values, now_ms);
  const event: OutgoingEvent = {
    id: mintUuid(now_ms),
    timestamp: new Date(now_ms).toISOString(),
    event_type,
    agent_id: values.as ?? userInfo().username,
    metadata,
  };
  await post(resolveConnection(values), event);
  console.log(said);
  return 0;
}

export interface Asked {
  id?: string | undefined;
  until?: string | undefined;
  goal?: string | undefined;
  feature?: string[] | undefined;
}

interface Told {
  event_type: "sprint_started" | "sprint_ended";
  metadata: NonNullable<OutgoingEvent["metadata"]>;
  said: string;
}

/** The event that the words mean. */
export function sprintOf([action, title, ...rest]: readonly string[], asked: Asked, now_ms: number): Told {
  if (rest.length > 0)
    throw new UserError(`sprint: "${rest[0]}" is too much. Quote a title of several words.`, 2);
  const { id, until, goal, feature } = asked;
  switch (action) {
    case "start": {
      const ends_ms = until === undefined ? null : untilOf(until, now_ms);
      const sprint_id = id ?? (title === undefined ? undefined : featureId(title));
      const name = title ?? id ?? "The sprint";
      return {
        event_type: "sprint_started",
        metadata: {
          ...(sprint_id === undefined ? {} : { sprint_id }),
          ...(title === undefined ? {} : { title }),
          ...(goal === undefined ? {} : { goal }),
          ...(feature === undefined ? {} : { features: feature }),
          ...(ends_ms === null ? {} : { ends_at: new Date(ends_ms).toISOString() }),
        },
        said: `${clean(name)} began${ends_ms === null ? ", without an end: nothing can be late" : ""}. \`clusterfork eta\` shows it.`,
      };
    }
    case "end":
      if (title !== undefined || until !== undefined || goal !== undefined || feature !== undefined)
        throw new UserError("sprint end takes --id alone; without it the current sprint is ended.", 2);
      return {
        event_type: "sprint_ended",
        metadata: id === undefined ? {} : { sprint_id: id },
        said: `${id === undefined ? "The current sprint" : clean(id)} is over.`,
      };
    case undefined:
    default:
      throw new UserError(
        `sprint takes start or end${action === undefined ? "" : `, not "${action}"`}. See \`clusterfork sprint --help\`.`,
        2,
      );
  }
}

/** A moment, or a span from now; it must lie ahead. */
function untilOf(text: string, now_ms: number): number {
  const span_ms = readSpan(text.replace(/^\+/, ""));
  const at_ms = span_ms === null ? readMoment(text, now_ms) : now_ms + span_ms;
  if (at_ms === null)
    throw new UserError(`--until takes a time such as 2026-11-27T18:00:00Z, or 36h or 5d, not "${text}".`, 2);
  if (at_ms <= now_ms) throw new UserError(`--until ${text} is over. Give a time that is to come.`, 2);
  return at_ms;
}

async function post(connection: Connection, event: OutgoingEvent): Promise<void> {
  try {
    const answer = await postEvents(connection, [JSON.stringify(event)], "cli", { maxTries: 5 });
    const [refusal] = answer.results ?? [];
    if (refusal !== undefined) throw new UserError(clean(refusal.message, 400));
  } catch (error) {
    if (error instanceof RequestError) throw new UserError(explainRequest(error));
    throw error;
  }
}
