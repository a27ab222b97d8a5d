/** When features will be done, as a table, and one of them whole. Names come from people and events and are cleaned (P2). */
import { moneyText } from "../../schema/event/describe/figure.ts";
import type {
  FeatureFinishInfo,
  FeatureForecast,
  ForecastOverview,
  Lateness,
  SprintFeature,
  SprintForecast,
} from "../../schema/wire/forecast.ts";
import { isTooFar, TOO_FAR } from "../../schema/wire/horizon.ts";
import { table } from "./query-table.ts";
import { clean } from "./terminal.ts";

const MAX_NAME_CHARS = 40;
const HEAD = ["feature", "open tasks", "half likely by", "four of five by", "in words"];
const LEFT = new Set([0, 2, 3, 4]);
/** Tasks of a critical path that are printed; `--json` has all. */
const MAX_PATH = 30;

/** The sprint's columns: the feature's own, with its risk in the middle. */
const SPRINT_HEAD = [...HEAD.slice(0, 4), "late", ...HEAD.slice(4)];
const SPRINT_LEFT = new Set([...LEFT, 5]);

export function etaTable({ features, omitted_features, calibration, sprint }: ForecastOverview): string {
  const in_sprint = new Set(sprint?.features.map(({ feature_id }) => feature_id));
  const others = features.filter(({ feature_id }) => !in_sprint.has(feature_id));
  const notes = [
    ...(omitted_features > 0
      ? [`… and ${omitted_features} more features; ask for one: clusterfork eta FEATURE`]
      : []),
    ...calibration.flatMap(({ metric, scored, with_interval, inside }) =>
      scored === 0
        ? []
        : [
            `${clean(metric)}: ${scored} forecasts scored, ${inside} of ${with_interval} within their interval`,
          ],
    ),
  ];
  const shown =
    others.length > 0
      ? [table(HEAD, others.map(rowOf), LEFT)]
      : sprint === null
        ? ["No open feature has open tasks."]
        : [];
  const head =
    sprint === null ? [] : [...sprintLines(sprint), ...(shown.length === 0 ? [] : ["", "Besides it:"])];
  return [...head, ...shown, ...(notes.length === 0 ? [] : ["", ...notes])].join("\n");
}

export function etaOfFeature(forecast: FeatureForecast): string {
  const { critical_path, cycles_broken, cost, closed_at } = forecast;
  if (closed_at !== null) return overText({ ...forecast, closed_at });
  const path = critical_path.slice(0, MAX_PATH).map(nameText);
  const left_out = critical_path.length - path.length;
  return [
    table(HEAD, [rowOf(forecast)], LEFT),
    "",
    `critical path: ${path.length === 0 ? "none known" : path.join(" → ")}${left_out > 0 ? ` → … ${left_out} more` : ""}`,
    ...cycles_broken.map(
      ([waiting, awaited]) =>
        `left out, for it closes a cycle: ${nameText(waiting)} waits for ${nameText(awaited)}`,
    ),
    costText(cost),
  ].join("\n");
}

function sprintLines(sprint: SprintForecast): string[] {
  const { sprint_id, title, ends_at, p50_at, p80_at, late, features, omitted_features, goal, why } = sprint;
  const name = title === null ? nameText(sprint_id) : clean(title, MAX_NAME_CHARS);
  const until =
    ends_at === null ? "no end set: clusterfork sprint start --until T" : `until ${timeText(ends_at)}`;
  const all =
    p50_at === null
      ? `all of it: unknown${why === null ? "" : `, ${clean(why)}`}`
      : `all of it: half likely by ${byText(p50_at)}, four of five by ${byText(p80_at)}`;
  return [
    `${name}, ${until}; ${all}; late: ${lateText(late)}`,
    ...(goal === null ? [] : [clean(goal)]),
    "",
    table(SPRINT_HEAD, features.map(sprintRow), SPRINT_LEFT),
    ...(omitted_features > 0 ? [`… and ${omitted_features} more of the sprint`] : []),
  ];
}

function sprintRow(feature: SprintFeature): string[] {
  const [name = "", open = "", p50 = "", p80 = "", words = ""] = rowOf(feature);
  const { closed_at, status, late } = feature;
  if (closed_at === null) return [name, open, p50, p80, lateText(late), words];
  return [name, open, timeText(closed_at), "", lateText(late), status === null ? "" : clean(status)];
}

/** "high (63 %)" */
const lateText = ({ probability, word }: Lateness): string =>
  probability === null ? word : `${word} (${Math.round(probability * 100)}%)`;

/** There is nothing to foretell. */
function overText({
  feature_id,
  title,
  status,
  closed_at,
  cost,
}: FeatureForecast & { closed_at: string }): string {
  const name =
    title === null ? nameText(feature_id) : `${clean(title, MAX_NAME_CHARS)} (${nameText(feature_id)})`;
  const { spent, unpriced_calls: unpriced = 0 } = cost;
  return [
    `${name} is over: ${clean(status)} on ${timeText(closed_at)}.`,
    ...(spent === null || (spent === 0 && unpriced === 0)
      ? []
      : [`cost: ${moneyText(spent)}${besideText(unpriced)}`]),
    `How it went: clusterfork report ${nameText(feature_id)}`,
  ].join("\n");
}

const besideText = (unpriced: number): string =>
  unpriced === 0 ? "" : ` and ${unpriced} ${unpriced === 1 ? "call" : "calls"} without a price`;

/** A part that nobody knows the price of takes nothing away from what is known. */
function costText({ spent, unpriced_calls: unpriced = 0, predicted, why }: FeatureForecast["cost"]): string {
  // Of no call with a price nothing is known: it is not $0.00.
  const known = spent === 0 && predicted === null ? null : spent;
  return `cost: ${amountText(known)}${besideText(unpriced)} so far, ${amountText(predicted)} in all${why === null ? "" : ` (${clean(why)})`}`;
}

function rowOf({ feature_id, title, open_tasks, p50_at, p80_at, words }: FeatureFinishInfo): string[] {
  return [
    title === null ? nameText(feature_id) : `${nameText(feature_id)} ${clean(title, MAX_NAME_CHARS)}`,
    String(open_tasks),
    byText(p50_at),
    byText(p80_at),
    clean(words),
  ];
}

const nameText = (name: string): string => clean(name, MAX_NAME_CHARS);
/** To the minute, in UTC: a forecast knows no more. */
const timeText = (at: string | null): string =>
  at === null ? "unknown" : `${clean(at).slice(0, 16).replace("T", " ")}Z`;
/** Of a time to come. */
const byText = (at: string | null): string =>
  at !== null && isTooFar(Date.parse(at), Date.now()) ? TOO_FAR : timeText(at);
const amountText = (usd: number | null): string => (usd === null ? "unknown" : moneyText(usd));
