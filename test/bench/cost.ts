/**
 * `npm run bench -- cost`: rows written per event in the room and in D1, and dollars per million events at list prices
 * (price.ts), counted in the real intake, room, drain and archive.
 *
 * A busy project: the simulated team with 26 coders, 46 agents in all, at 20 events a second altogether, so that each
 * says something every two or three seconds, and ten viewers. A copy to D1 then holds a minute, 1,200 events about
 * some 170 tasks, features and agents. How many events a request carries is the senders' choice (the SDK's default is
 * up to 200, every half second): 100 is what DESIGN §8 asks about. The same team at its own pace shows what a project
 * pays that is not busy: little, but more for each event.
 */
import { simulate } from "../../cli/simulate/simulate.ts";
import { NOTHING_PLANTED } from "../../cli/simulate/plant.ts";
import { bill, type Usage } from "./bill.ts";
import { check, figure, type Figure, type Target } from "./figure.ts";
import type { Counted } from "./meter.ts";
import { PRICES } from "./price.ts";
import { ask, startServer, withFolder, type Server } from "./server.ts";

const BUSY_EVENTS_PER_S = 20;
const OWN_PACE_EVENTS_PER_S = 0.56;
const VIEWERS = 10;
/** A viewer acknowledges once a second while something happens. */
const ACKS_PER_S = 1;
/** A request keeps the room active at most so long: gathering, commit and the last frame are 60 ms, the rest is reserve. */
const ACTIVE_S_PER_REQUEST = 0.25;
/** A Monday, 09:00 UTC. */
const BEGIN_MS = Date.UTC(2026, 0, 5, 9);
const WEEK_MS = 7 * 24 * 3_600_000;
/** After the last event, until its copy is in D1. */
const SETTLE_MS = 120_000;
const SEED = 7;
const CODERS = 26;

export interface CostOptions {
  /** Of each measurement: checkpoints come every 10,000, so a multiple of that counts them fairly. */
  events?: number;
  batches?: number[];
  /** Of the measurements with one event a request, which take the longest. */
  single_events?: number;
  own_pace?: boolean;
  say?: (line: string) => void;
}

interface Used extends Counted {
  room_bytes: number;
  head: number;
  archived: number;
}

const TARGETS: Partial<Record<number, Record<"room" | "copy" | "total", Target>>> = {
  100: {
    room: { of: "figure", at_most: 0.1 },
    copy: { of: "figure", at_most: 0.02 },
    total: { of: "figure", at_most: 1.5 },
  },
};

function* team(count: number): Generator<object> {
  const { events } = simulate({
    seed: SEED,
    start_ms: BEGIN_MS,
    features: null,
    coders: CODERS,
    nights: false,
    planted: NOTHING_PLANTED,
  });
  let drawn = 0;
  for (const event of events) {
    if ((drawn += 1) > count) return;
    yield event;
  }
}

async function measure(server: Server, week: number, count: number, batch: number, rate: number) {
  const name = `p${week}`;
  // The server's time only goes on.
  let at_ms = BEGIN_MS + week * WEEK_MS;
  let worker_cpu_ms = 0;
  let requests = 0;
  let pending: object[] = [];
  const post = async () => {
    at_ms += (pending.length * 1_000) / rate;
    const body = JSON.stringify(pending);
    pending = [];
    requests += 1;
    const started = performance.now();
    await ask(server, `/${name}?at=${at_ms}`, body);
    // One request at a time: the server spent no more than that.
    worker_cpu_ms += performance.now() - started;
  };
  for (const event of team(count)) {
    const said_ms = at_ms + (pending.length * 1_000) / rate;
    pending.push({ ...event, timestamp: new Date(said_ms).toISOString() });
    if (pending.length === batch) await post();
  }
  if (pending.length > 0) await post();
  const used = JSON.parse(await ask(server, `/${name}?at=${at_ms + SETTLE_MS}`)) as Used;
  check(used.head === count, `head ${used.head}, accepted ${count}`);
  check(used.archived === count, `D1 has ${used.archived} of ${count} events`);
  check(used.room_rows_written > 0, "no rows counted");
  const elapsed_s = count / rate;
  const usage: Usage = {
    events: count,
    worker_requests: requests,
    worker_cpu_ms,
    room_requests: requests + used.alarms_run,
    room_messages: VIEWERS * ACKS_PER_S * Math.min(elapsed_s, requests),
    room_active_s: Math.min(elapsed_s, (requests + used.alarms_run) * ACTIVE_S_PER_REQUEST),
    room_rows_written: used.room_rows_written,
    room_rows_read: used.room_rows_read,
    d1_rows_written: used.d1_rows_written,
    d1_rows_read: used.d1_rows_read,
  };
  return { used, bill: bill(usage) };
}

export function benchCost(options: CostOptions = {}): Promise<Figure[]> {
  const {
    events = 20_000,
    batches = [1, 10, 100, 1_000],
    single_events = 10_000,
    own_pace = true,
    say = console.log,
  } = options;
  return withFolder(async (data) => {
    const server = await startServer("cost.worker.ts", data, {}, true);
    try {
      const figures: Figure[] = [];
      const take = async (title: string, count: number, batch: number, rate: number) => {
        const { used, bill } = await measure(server, figures.length, count, batch, rate);
        const target = rate === BUSY_EVENTS_PER_S ? TARGETS[batch] : undefined;
        const add = (what: string, unit: string, value: number, of?: Target) =>
          figures.push(figure(`${what}, ${title}`, unit, [value], of === undefined ? {} : { target: of }));
        add("rows written in the room", "rows/event", used.room_rows_written / count, target?.room);
        add("rows written in D1", "rows/event", used.d1_rows_written / count);
        if (target !== undefined) {
          const rest = used.d1_rows_written - used.d1_entity_rows;
          add("rows written in D1 beside entities", "rows/event", rest / count, target.copy);
        }
        add(`cost at list prices of ${PRICES.as_of}`, "$/M events", bill.total, target?.total);
        const parts = Object.entries(bill).map(([part, usd]) => `${part} ${usd.toFixed(3)}`);
        const kept = Math.round(used.room_bytes / count);
        say(`  ${title}: ${parts.join("   ")}   kept: ${kept} bytes an event in the room`);
      };
      for (const batch of batches) {
        await take(`batch ${batch}`, batch === 1 ? single_events : events, batch, BUSY_EVENTS_PER_S);
      }
      if (own_pace) await take("batch 1, unhurried", single_events / 2, 1, OWN_PACE_EVENTS_PER_S);
      return figures;
    } finally {
      await server.stop();
    }
  });
}
