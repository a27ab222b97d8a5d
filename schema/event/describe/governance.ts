/** One sentence for each type that is Clusterfork's own: what it decided, in figures where it gave any. */
import type { StoredEvent } from "../event.ts";
import type { KnownType, SenderType } from "../type.ts";
import { duration } from "./duration.ts";
import { listIn, numberIn, textIn } from "./field.ts";
import { moneyText, tokenText } from "./figure.ts";
import type { Phrasing } from "./phrasing.ts";

type OwnType = Exclude<KnownType, SenderType | "model_assigned">;

const joined = (...parts: (string | null)[]) =>
  parts.filter((part) => part !== null && part !== "").join(", ");
const by = (event: StoredEvent) => {
  const who = textIn(event, "by");
  return who === null ? null : `by ${who}`;
};
const named = (head: string, ...names: string[]) => {
  return (event: StoredEvent) => {
    const words = textIn(event, ...names);
    return words === null ? head : `${head}: ${words}`;
  };
};
const alert = (head: string) => named(head, "title", "rule", "alert_id");

/** What a figure of a metric reads as: times and money have units, shares are shares, the rest is a number. */
function figureOf(event: StoredEvent, name: string): string | null {
  const value = numberIn(event, name);
  if (value === null) return null;
  const metric = textIn(event, "metric") ?? "";
  if (/^(?:lead|work|review|time_to)/.test(metric)) return duration(value);
  if (metric.startsWith("cost")) return moneyText(value);
  if (metric.startsWith("tokens")) return tokenText(value);
  if (/^(?:breach|late)|_rate$|coverage$/.test(metric)) return `${(value * 100).toFixed(0)}%`;
  return String(Number(value.toPrecision(3)));
}

/** `lead of task, bug`: strata are told apart by points. */
function subject(event: StoredEvent): string {
  const metric = textIn(event, "metric")?.replaceAll("_", " ");
  const scope = textIn(event, "scope")?.split("·").join(", ");
  return metric === undefined ? "a metric" : scope === undefined ? metric : `${metric} of ${scope}`;
}

function recalibrated(event: StoredEvent): string {
  const [target, previous, samples] = [
    figureOf(event, "target"),
    figureOf(event, "previous"),
    numberIn(event, "samples"),
  ];
  return joined(
    `${subject(event)}: target now ${target ?? "unknown"}`,
    previous === null ? null : `${previous} before`,
    samples === null ? null : `learned from ${tokenText(samples)} ${samples === 1 ? "sample" : "samples"}`,
  );
}

function foretold(event: StoredEvent): string {
  const [predicted, low, high] = ["predicted", "low", "high"].map((name) => figureOf(event, name));
  return joined(
    `${subject(event)} is foretold${predicted === null || predicted === undefined ? "" : `: ${predicted}`}`,
    low === null || high === null || low === undefined || high === undefined ? null : `${low} to ${high}`,
  );
}

function scored(event: StoredEvent): string {
  const [predicted, actual] = [figureOf(event, "predicted"), figureOf(event, "actual")];
  return joined(
    `${subject(event)} came out at ${actual ?? "an unknown value"}`,
    predicted === null ? null : `foretold ${predicted}`,
  );
}

function used(head: string) {
  return (event: StoredEvent) => {
    const [percent, spent, limit] = ["threshold_percent", "used_usd", "limit_usd"].map((name) =>
      numberIn(event, name),
    );
    return joined(
      percent === null || percent === undefined ? head : `${String(percent)}% of a budget is used`,
      typeof spent === "number" && typeof limit === "number"
        ? `${moneyText(spent)} of ${moneyText(limit)}`
        : null,
    );
  };
}

function budgetSet(event: StoredEvent): string {
  const [usd, tokens] = [numberIn(event, "limit_usd"), numberIn(event, "limit_tokens")];
  const limit = usd !== null ? moneyText(usd) : tokens === null ? null : `${tokenText(tokens)} tokens`;
  const whose = textIn(event, "title", "agent", "role", "feature", "scope");
  const removed = event.metadata !== undefined && event.metadata["removed"] === true;
  return joined(
    `${removed ? "taken away" : "set"}${whose === null ? "" : `: ${whose}`}`,
    removed ? null : limit,
    by(event),
  );
}

function setAside(event: StoredEvent): string {
  const [usd, tokens] = [numberIn(event, "amount_usd"), numberIn(event, "amount_tokens")];
  return joined(
    "set aside for a call",
    usd === null ? null : moneyText(usd),
    tokens === null ? null : `${tokenText(tokens)} tokens`,
  );
}

function reflection(event: StoredEvent): string {
  const [outcome, grade] = [textIn(event, "outcome"), textIn(event, "grade")];
  const [found, lessons] = [listIn(event, "patterns"), listIn(event, "lessons").length];
  return joined(
    outcome === "tasks"
      ? "looked back on tasks of no feature"
      : `looked back on the feature${outcome === null ? "" : ` (${outcome})`}`,
    grade === null ? null : `grade ${grade}`,
    found.length === 0 ? "nothing stood out" : `found ${found.join(", ")}`,
    lessons === 0 ? null : `${String(lessons)} ${lessons === 1 ? "lesson" : "lessons"}`,
  );
}

const plan = (head: string) => (event: StoredEvent) =>
  joined(`${head} for ${textIn(event, "agent", "role") ?? "an agent"}`, textIn(event, "goal", "outcome"));

export const OWN_SENTENCES: Record<OwnType, Phrasing> = {
  budget_set: ["budget", budgetSet],
  budget_reserved: ["budget", setAside],
  budget_settled: ["budget", () => "what was set aside became real cost"],
  budget_released: ["budget", () => "what was set aside is free again"],
  budget_warned: ["budget", used("a good part of a budget is used")],
  budget_exceeded: ["budget", used("all of a budget is used")],
  alert_raised: ["alert", alert("somebody should look")],
  alert_acknowledged: ["alert", (event) => joined(alert("seen")(event), by(event))],
  alert_snoozed: [
    "alert",
    (event) => {
      const until = textIn(event, "until");
      return joined(
        alert("silent for a while")(event),
        until === null ? null : `until ${until.slice(0, 16).replace("T", " ")} UTC`,
      );
    },
  ],
  alert_assigned: [
    "alert",
    (event) => joined(`given to ${textIn(event, "assignee") ?? "nobody"}`, textIn(event, "title")),
  ],
  alert_cleared: ["alert", alert("over")],
  target_recalibrated: ["target", recalibrated],
  forecast_made: ["forecast", foretold],
  forecast_scored: ["forecast", scored],
  sop_proposed: ["process", named("a better way of working is proposed", "title", "proposal")],
  sop_adopted: ["process", named("the way of working changed", "title", "proposal")],
  board_met: ["board", named("it looked at the metrics", "summary")],
  directive_issued: ["board", named("it wants", "title", "directive")],
  directive_closed: ["board", named("a directive ended", "outcome", "title")],
  gate_overridden: [
    "gate",
    (event) => joined(`work passed the closed gate ${textIn(event, "gate") ?? ""}`.trim(), by(event)),
  ],
  pip_opened: ["plan", plan("improvement is required")],
  pip_closed: ["plan", plan("improvement is no longer required")],
  events_forgotten: [
    "privacy",
    (event) =>
      joined(
        `${String(numberIn(event, "events") ?? "some")} events were destroyed on purpose`,
        by(event),
        textIn(event, "reason"),
      ),
  ],
  lesson_approved: ["note", (event) => joined("lesson approved", textIn(event, "scope"), by(event))],
  lessons_purged: [
    "note",
    (event) => joined("what a key taught was destroyed", by(event), textIn(event, "reason")),
  ],
  reflection_made: ["look", reflection],
};
