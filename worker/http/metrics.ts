/**
 * `GET …/metrics`: JSON (measures.ts), and for whoever accepts `text/plain`, as Prometheus does: what the log and,
 * for the scope `admin`, the room itself count, and the metrics of the last 24 hours as far as they are known.
 *
 * Totals of the log come from the fold, so they survive everything; the room's own begin anew when it wakes.
 */
import { findMetric } from "../../schema/metric/definition.ts";
import type { Row } from "../../schema/metric/measure.ts";
import type { Usage } from "../../schema/state/entity/usage.ts";
import { EXPOSITION_TYPE, exposition, type Family, type Sample } from "../../schema/wire/exposition.ts";
import type { LogGauges, RoomGauges } from "../room/gauges.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { getMeasures } from "./measures.ts";
import { parseQuery } from "./query.ts";

export async function getMetrics(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  return c.req.header("accept")?.includes("text/plain") === true
    ? getExposition(c, access)
    : getMeasures(c, access);
}

async function getExposition(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, {});
  if (!query.ok) return query.failure;
  const reply = await access.room.readGauges(access.principal);
  if (!reply.ok) return refusalFailure(reply);
  const { log, room, commit_bounds } = reply;
  const measured = await access.room.readMetrics(access.principal, { now_ms: Date.now(), window: "24h" });
  if (!measured.ok) return refusalFailure(measured);
  const families = [
    ...logFamilies(log),
    ...metricFamilies(measured.rows),
    ...(room === null ? [] : roomFamilies(room, commit_bounds)),
  ];
  return new Response(exposition(families), { headers: { "Content-Type": EXPOSITION_TYPE } });
}

export function logFamilies(log: LogGauges): Family[] {
  const { usage } = log;
  return [
    counter(
      "events_total",
      "Events in the log, by type; types beyond the state's limit count as other.",
      log.by_type.map(({ event_type, count }) => ({ labels: { event_type }, value: count })),
    ),
    gauge("log_head_seq", "The last sequence number of the log.", log.head_seq),
    gauge(
      "tasks",
      "Tasks in the live state, by status; older closed ones leave it.",
      by("status", Object.entries(log.tasks)),
    ),
    gauge(
      "features",
      "Features in the live state, by status; older closed ones leave it.",
      by("status", Object.entries(log.features)),
    ),
    gauge("agents", "Agents in the live state, by status.", by("status", Object.entries(log.agents))),
    counter(
      "forgotten_total",
      "Entries that left the live state by its limits.",
      by("kind", Object.entries(log.forgotten)),
    ),
    gauge("file_locks", "Files that are locked.", log.locks),
    gauge("lock_conflicts", "Agents that wait for a file that another holds.", log.conflicts),
    gauge("open_escalations", "Escalations that nobody has resolved.", log.open_escalations),
    counter(
      "tokens_total",
      "Tokens of model calls, by kind; each counts once. Reasoning tokens are part of the output.",
      by("kind", [
        ["input", usage.input_tokens],
        ["cache_read", usage.cache_read_tokens],
        ["cache_write", usage.cache_write_tokens],
        ["output", usage.output_tokens],
      ]),
    ),
    counter(
      "reasoning_tokens_total",
      "Those output tokens that were spent on reasoning.",
      usage.reasoning_tokens,
    ),
    counter(
      "model_calls_total",
      "Model calls, by where their cost is from: reported by the sender, priced here, or unknown.",
      callsBySource(usage),
    ),
    counter(
      "cost_usd_total",
      "Cost of model calls in US dollars, reported or priced. Calls of unknown cost are not in it: see clusterfork_model_calls_total.",
      by("cost", [
        ["reported", usage.reported_usd],
        ["priced", usage.priced_usd],
      ]),
    ),
    counter(
      "unassigned_events_total",
      "Events that name no feature, and no task of one.",
      log.unassigned.events,
    ),
    counter(
      "unassigned_model_calls_total",
      "Model calls of no feature, by where their cost is from.",
      callsBySource(log.unassigned.usage),
    ),
    ...(log.last_time === null
      ? []
      : [
          gauge(
            "last_event_time_seconds",
            "Event time of the newest event, since 1970.",
            log.last_time / 1_000,
          ),
        ]),
  ];
}

/** What is unknown is absent: a gauge cannot say so, and 0 would be a lie. Times in seconds, as is the custom there. */
export function metricFamilies(rows: readonly Row[]): Family[] {
  return rows.flatMap(({ metric: id, value }) => {
    const metric = findMetric(id);
    if (metric === undefined || value === null) return [];
    const words = `${metric.words} Of the last 24 hours.`;
    return metric.unit === "ms"
      ? [gauge(`metric_${id}_seconds`, words, value / 1_000)]
      : [gauge(`metric_${id}`, words, value)];
  });
}

export function roomFamilies(room: RoomGauges, commit_bounds: readonly number[]): Family[] {
  return [
    gauge(
      "room_start_time_seconds",
      "When the room woke, since 1970: its own counters begin then.",
      room.awake_since_ms / 1_000,
    ),
    counter("room_append_requests_total", "Requests to append that reached a commit.", room.append_requests),
    counter(
      "room_appended_events_total",
      "Events in such requests, by what became of them.",
      by("result", Object.entries(room.events)),
    ),
    counter(
      "room_commits_total",
      "Transactions of the log, by outcome; a failed one stored nothing.",
      by("result", Object.entries(room.commits)),
    ),
    {
      name: "clusterfork_room_commit_events",
      help: "New events per commit.",
      type: "histogram",
      histogram: { bounds: commit_bounds, counts: room.commit_sizes, sum: room.events.accepted },
    },
    counter("room_alarms_total", "Times that the room's alarm rang.", room.alarms),
    counter(
      "room_job_failures_total",
      "Failures of background work, each of which is tried again.",
      by("job", Object.entries(room.failures)),
    ),
    counter(
      "room_unfoldable_events_total",
      "Events that are stored but could not be folded into the state whole: a defect, see the operator's log.",
      room.unfoldable,
    ),
    gauge("room_sockets", "Open streams.", room.sockets),
    gauge("room_database_bytes", "Size of the room's database.", room.database_bytes),
    gauge(
      "room_storage_full",
      "1 when the last commit was refused because the database is as large as it may be: nothing more is stored.",
      room.storage_full ? 1 : 0,
    ),
    ...(room.drain === null
      ? []
      : [
          gauge("room_drain_lag_events", "Events that the archive does not have yet.", room.drain.lag_events),
          gauge(
            "room_drain_lag_seconds",
            "How long the oldest of them has waited.",
            room.drain.lag_ms / 1_000,
          ),
        ]),
  ];
}

function callsBySource({ calls, reported_calls, priced_calls }: Usage): Sample[] {
  return by("cost", [
    ["reported", reported_calls],
    ["priced", priced_calls],
    ["unknown", calls - reported_calls - priced_calls],
  ]);
}

type Samples = number | readonly Sample[];

function counter(name: string, help: string, samples: Samples): Family {
  return { name: `clusterfork_${name}`, help, type: "counter", samples: asSamples(samples) };
}
function gauge(name: string, help: string, samples: Samples): Family {
  return { name: `clusterfork_${name}`, help, type: "gauge", samples: asSamples(samples) };
}
function asSamples(samples: Samples): readonly Sample[] {
  return typeof samples === "number" ? [{ value: samples }] : samples;
}
function by(label: string, counts: readonly (readonly [string, number])[]): Sample[] {
  return counts.map(([name, value]) => ({ labels: { [label]: name }, value }));
}
