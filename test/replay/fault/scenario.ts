/** What happens to one room, drawn from a seed alone: who sends what, who watches, and everything that goes wrong. */
import type { Json, NewEvent } from "../../../schema/event/event.ts";
import { KNOWN_TYPES } from "../../../schema/event/type.ts";
import type { DeliveryMode } from "../../../schema/wire/socket.ts";
import type { ShareView } from "../../../schema/state/share-view.ts";
import { REDACTIONS, type Redaction } from "../../../schema/wire/share.ts";
import { drawOf, type Draw } from "./draw.ts";

export const START_MS = Date.UTC(2026, 10, 22, 12);
const YEAR_MS = 365 * 24 * 3_600_000;
const VIEWERS = 4;
/** Reservations draw from luck of their own: what else a seed draws stays as it was without them. */
const MONEY_SEED = 0x6d6f6e65;

/** `flaky`: each call is one of the others, by chance. */
export type FaultMode = "well" | "down" | "loses its answer" | "hangs" | "answers late" | "flaky";

const MODES: [FaultMode, ...FaultMode[]] = [
  "well",
  "well",
  "down",
  "loses its answer",
  "hangs",
  "answers late",
  "flaky",
  "flaky",
];

export type Step =
  /** Requests at once, which share a commit. `lost`: their senders hear nothing and send them again, much later. */
  | { do: "send"; requests: NewEvent[][]; lost: boolean }
  /** The room dies before it has committed what was just sent. */
  | { do: "send into death"; requests: NewEvent[][] }
  /** The next commit fails when all of it is written. */
  | { do: "break the next commit" }
  | { do: "evict" }
  | { do: "pass"; ms: number; alarms: "on time" | "twice" | "late" }
  /** The room's clock is set back: a machine that was wrong. */
  | { do: "set the clock back"; ms: number }
  /** An alarm that nobody set. */
  | { do: "wake" }
  | { do: "archive"; mode: FaultMode }
  /** Events are destroyed, each a share of the log from its begin. */
  | { do: "forget"; places: number[] }
  /** To whom hourly sums go from now on; null: to nobody. */
  | { do: "forward"; target: string | null }
  | { do: "receiver"; mode: FaultMode }
  /** The memory of ids becomes what an earlier version left. */
  | { do: "go back to the table of ids" }
  /** Whatever hangs goes on, also for a room that is long gone. */
  | { do: "release" }
  /** `since` as a share of the head; above 1 it was never given out. Null: begin with a snapshot. */
  | { do: "join"; viewer: number; since: number | null; acks: boolean }
  | { do: "leave"; viewer: number; /** What was sent and not received yet is lost. */ lossy: boolean }
  | { do: "acknowledge"; viewer: number }
  | { do: "deliver"; mode: DeliveryMode };

export interface Scenario {
  seed: number;
  /** The room is evicted after every so many events. */
  evict_every: number | null;
  /** The real D1, else the same archive in SQLite beside the log, which costs a tenth. */
  real_d1: boolean;
  /** Whether hourly sums are forwarded, to begin with. */
  forwards: boolean;
  /** Of two links; through each watches one viewer. */
  links: [Link, Link];
  steps: Step[];
}

export interface Link {
  views: ShareView[];
  redactions: Redaction[];
}

export function scenarioOf(seed: number): Scenario {
  const draw = drawOf(seed);
  const author = new Author(draw, drawOf(seed ^ MONEY_SEED));
  const steps: Step[] = [];
  const evict_every = draw.chance(0.4) ? draw.between(1, 12) : null;
  const length = draw.between(15, 45);
  while (steps.length < length) steps.push(stepOf(draw, author));
  // Drawn last: what was drawn before them stays as it was in runs without links.
  const links: [Link, Link] = [linkOf(draw), linkOf(draw)];
  return { seed, evict_every, real_d1: seed % 100 === 0, steps, links, forwards: draw.chance(0.5) };
}

/** With the past in it, or the present alone; and with or without what the Task Flow does not need. */
function linkOf(draw: Draw): Link {
  const views: ShareView[] = draw.oneOf<ShareView[]>([
    ["flow"],
    ["flow", "history"],
    ["flow", "events", "history"],
  ]);
  return { views, redactions: REDACTIONS.filter(() => draw.chance(0.6)) };
}

function stepOf(draw: Draw, author: Author): Step {
  const viewer = draw.below(VIEWERS);
  const kind = draw.below(108);
  if (kind < 38) return { do: "send", requests: author.requests(), lost: draw.chance(0.15) };
  if (kind < 41) return { do: "send into death", requests: author.requests() };
  if (kind < 44) return { do: "break the next commit" };
  if (kind < 50) return { do: "evict" };
  if (kind < 68) {
    const ms = draw.oneOf([3, 20, 60, 1_000, 15_000, 61_000, 61_000, 400_000, 3_600_000, 40_000_000]);
    return { do: "pass", ms, alarms: draw.oneOf(["on time", "on time", "twice", "late"]) };
  }
  if (kind < 69) return { do: "set the clock back", ms: draw.oneOf([1, 2_000, 30_000]) };
  if (kind < 72) return { do: "wake" };
  if (kind < 79) {
    return { do: "archive", mode: draw.oneOf(MODES) };
  }
  if (kind < 82) return { do: "release" };
  if (kind < 90) {
    const since = draw.oneOf([null, 0, 0.5, 1, 2]);
    return { do: "join", viewer, since, acks: draw.chance(0.7) };
  }
  if (kind < 94) return { do: "leave", viewer, lossy: draw.chance(0.5) };
  if (kind < 98) return { do: "acknowledge", viewer };
  if (kind < 100) return { do: "deliver", mode: draw.oneOf(["live", "batched"]) };
  if (kind < 103) {
    const places = Array.from({ length: draw.oneOf([1, 1, 2, 5]) }, () => draw.below(1_000) / 1_000);
    return { do: "forget", places };
  }
  if (kind < 105) return { do: "forward", target: draw.oneOf([null, "a", "a", "b"]) };
  if (kind < 107) return { do: "receiver", mode: draw.oneOf(MODES) };
  return { do: "go back to the table of ids" };
}

/** Writes what is sent: new events, and old ones again as they were or altered. */
class Author {
  readonly #draw: Draw;
  readonly #sent: NewEvent[] = [];

  readonly #money: Draw;

  constructor(draw: Draw, money: Draw) {
    this.#draw = draw;
    this.#money = money;
  }

  requests(): NewEvent[][] {
    return Array.from({ length: this.#draw.oneOf([1, 1, 1, 2, 3]) }, () => this.#request());
  }

  #request(): NewEvent[] {
    const draw = this.#draw;
    const events = Array.from({ length: draw.oneOf([1, 1, 1, 2, 3, 5, 8, 34]) }, () => this.#event());
    // The same again inside the batch, and from earlier ones.
    if (draw.chance(0.3)) events.push(...draw.shuffled(events).slice(0, 2));
    if (draw.chance(0.35)) events.push(...draw.shuffled(this.#sent).slice(0, draw.between(1, 12)));
    if (draw.chance(0.2)) events.push(...draw.shuffled(this.#sent).slice(0, 2).map(altered));
    this.#sent.push(...events);
    return draw.chance(0.4) ? draw.shuffled(events) : events;
  }

  #event(): NewEvent {
    const draw = this.#draw;
    const offset_ms = draw.chance(0.2) ? draw.between(-YEAR_MS, YEAR_MS) : draw.below(7_200_000);
    const event_type = draw.chance(0.5)
      ? draw.oneOf([
          "task_created",
          "task_claimed",
          "task_started",
          "task_completed",
          "tokens_used",
          "file_locked",
        ])
      : draw.oneOf(["made.up", ...KNOWN_TYPES]);
    const event: NewEvent = {
      id: `e${this.#sent.length}-${draw.below(1e9)}`,
      timestamp: new Date(START_MS + offset_ms).toISOString(),
      event_type,
      agent_id: `coder-${draw.below(4)}`,
      ...(draw.chance(0.8) ? { task_id: `T${draw.below(9)}` } : {}),
      ...(draw.chance(0.3) ? { feature_id: `F${draw.below(3)}` } : {}),
      metadata: this.#metadata(event_type),
      // Quarters: sums in any order are the same.
      ...(event_type === "tokens_used"
        ? { metrics: { input_tokens: draw.below(9_999), output_tokens: 7, cost_usd: draw.below(40) / 4 } }
        : {}),
      source: draw.chance(0.85) ? "api" : "hook",
      key_id: "k",
      v: 1,
    };
    return spent(event, this.#money);
  }

  #metadata(event_type: string): { [key: string]: Json } {
    const draw = this.#draw;
    if (event_type === "file_locked" || event_type === "file_unlocked")
      return { path: `src/${draw.below(3)}.ts` };
    return {
      ...(draw.chance(0.3) ? { title: `Title "${draw.below(99)}" \u2028 é 🎈` } : {}),
      ...(draw.chance(0.2) ? { dependencies: [`T${draw.below(9)}`] } : {}),
      ...(draw.chance(0.2) ? { assignee: `coder-${draw.below(4)}` } : {}),
      ...(draw.chance(0.1) ? { undeclared: "x".repeat(draw.below(600)) } : {}),
    };
  }
}

/** Reservations by few ids, so that they meet: held twice, settled twice, settled when they were let go or never held. */
function spent(event: NewEvent, money: Draw): NewEvent {
  const reservation_id = `r${money.below(5)}`;
  switch (event.event_type) {
    case "tokens_used":
      return money.chance(0.5) ? { ...event, metadata: { ...event.metadata, reservation_id } } : event;
    case "task_started":
      // One in three begins with money.
      return money.chance(0.3) ? { ...event, ...held(reservation_id, money) } : event;
    case "budget_reserved":
      return { ...event, ...held(reservation_id, money) };
    case "budget_released":
      return { ...event, metadata: { reservation_id } };
    case "budget_set":
      return { ...event, ...budget(money) };
    default:
      return event;
  }
}

function held(reservation_id: string, money: Draw): Pick<NewEvent, "event_type" | "metadata" | "metrics"> {
  const expires_ms = START_MS + money.below(7_200_000);
  return {
    event_type: "budget_reserved",
    metadata: {
      ...{ reservation_id, agent: `coder-${money.below(4)}` },
      expires_at: new Date(expires_ms).toISOString(),
    },
    metrics: { amount_usd: money.below(20) / 4 },
  };
}

/** Of few ids, so that limits are moved and budgets taken away; small, so that they are reached. */
function budget(money: Draw): Pick<NewEvent, "metadata" | "metrics"> {
  const metadata = {
    ...{ budget_id: `b${money.below(2)}`, scope: "project", unit: "usd" },
    ...{ period: money.oneOf(["month", "lifetime"]), hard: money.chance(0.5) },
  };
  if (money.chance(0.1)) return { metadata: { ...metadata, removed: true } };
  return { metadata, metrics: { limit_usd: money.below(40) } };
}

const altered = (event: NewEvent): NewEvent => ({ ...event, metadata: { altered: true } });

/** For people: a failing run prints what happened. */
export function described({ seed, evict_every, real_d1, forwards, links, steps }: Scenario): string {
  const each = steps.map((step, at) => {
    const { do: what, ...rest } = step;
    const requests =
      "requests" in step ? { requests: step.requests.map((one) => one.map(({ id }) => id)) } : {};
    return `  ${at} ${what} ${JSON.stringify({ ...rest, ...requests })}`;
  });
  return [
    `seed ${seed}, evicted every ${evict_every ?? "-"} events, ${real_d1 ? "D1" : "SQLite"}, ${forwards ? "forwarded" : "not forwarded"}, links ${JSON.stringify(links)}`,
    ...each,
  ].join("\n");
}
