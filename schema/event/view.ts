/**
 * What a shared view shows of an event. It works by the sensitivities alone, and
 * a removed field is simply absent, so that folding redacted events gives the
 * redacted state (S2).
 */
import { ENVELOPE_SENSITIVITY } from "./envelope.ts";
import type { Json, StoredEvent } from "./event.ts";
import type { Sensitivity } from "./field.ts";
import { fileMark, fileMarksIn } from "./file-mark.ts";
import { speaksAsClusterfork } from "./own.ts";
import { metadataSensitivity, metricSensitivity } from "./taxonomy.ts";

/** What a view redacts: true takes it away. Structure is always shown, secrets never. */
export interface ViewPolicy {
  /** Tokens and money are removed. */
  cost: boolean;
  /** Agents, people, files and branches are replaced by their alias. */
  name: boolean;
  /** Titles of tasks and features are removed. */
  title: boolean;
  /** Free text and unknown metadata are removed. */
  text: boolean;
}

/**
 * Injective, and stable within a view: two names never share an alias. Names
 * that begin with `clusterfork:` stay as they are, and no other name's alias
 * begins so: the fold keeps Clusterfork's own agents out of the team (S2).
 */
export type Alias = (name: string) => string;

export function redactEvent(event: StoredEvent, policy: ViewPolicy, alias: Alias): StoredEvent {
  const redacted: StoredEvent = { ...event };
  const hidden = policyFor(event, policy);
  if (policy.name) for (const field of ENVELOPE_NAMES) redacted[field] = alias(event[field]);
  if (event.metadata !== undefined)
    redacted.metadata = redactMetadata(event.event_type, event.metadata, hidden, alias);
  // What a view was given already tells files apart in it.
  if (
    policy.name &&
    event.file_marks === undefined &&
    metadataSensitivity(event.event_type, "files") === "name"
  ) {
    const marks = fileMarksIn(event);
    if (marks.length > 0) redacted.file_marks = marks.map((mark) => aliasMark(mark, alias));
  }
  if (event.metrics !== undefined) redacted.metrics = redactMetrics(event.event_type, event.metrics, policy);
  return redacted;
}

/**
 * What Clusterfork itself writes of work tells whose it was, what it was called and what it cost, in one sentence: a view
 * that hides any of these hides the sentence. Whose words they are is asked of the agent's name, which the state has too.
 */
export function policyFor(
  event: Pick<StoredEvent, "event_type" | "agent_id">,
  policy: ViewPolicy,
): ViewPolicy {
  const is_own = speaksAsClusterfork(event) && OWN_PROSE.has(event.event_type);
  return is_own && (policy.cost || policy.name || policy.title) ? { ...policy, text: true } : policy;
}
const OWN_PROSE: ReadonlySet<string> = new Set([
  ...["lesson_learned", "lesson_quarantined", "lesson_retired", "reflection_made"],
  ...["escalated_to_user", "escalated_to_board"],
]);

/** Keyed by the alias, so that nobody can try likely paths against a mark; the state's are replaced in the same way. */
export function aliasMark(mark: number, alias: Alias): number {
  return fileMark(alias(`file ${mark}`));
}

/** The fields of the envelope that hold a name; all the others are structure. */
const ENVELOPE_NAMES = (["agent_id", "key_id"] as const).filter(
  (field) => ENVELOPE_SENSITIVITY[field] === "name",
);

function redactMetadata(
  event_type: string,
  metadata: { [key: string]: Json },
  policy: ViewPolicy,
  alias: Alias,
): { [key: string]: Json } {
  const redacted: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(metadata)) {
    const sensitivity = metadataSensitivity(event_type, key);
    if (!hides(policy, sensitivity)) redacted[key] = value;
    else if (sensitivity === "name") {
      const aliased = aliasAll(value, alias);
      if (aliased !== undefined) redacted[key] = aliased;
    }
  }
  return redacted;
}

function redactMetrics(
  event_type: string,
  metrics: { [key: string]: number },
  policy: ViewPolicy,
): { [key: string]: number } {
  return Object.fromEntries(
    Object.entries(metrics).filter(([key]) => !hides(policy, metricSensitivity(event_type, key))),
  );
}

function hides(policy: ViewPolicy, sensitivity: Sensitivity): boolean {
  switch (sensitivity) {
    case "structure":
      return false;
    case "secret":
      return true;
    case "name":
    case "title":
    case "text":
    case "cost":
      return policy[sensitivity];
  }
}

/** A name or a list of names; anything else under a name's key is not one, and is removed. */
function aliasAll(value: Json, alias: Alias): Json | undefined {
  if (typeof value === "string") return alias(value);
  if (Array.isArray(value)) return value.filter((item) => typeof item === "string").map(alias);
  return undefined;
}
