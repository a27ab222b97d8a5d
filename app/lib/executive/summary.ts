/** The numbers that the headline is made of. Pure. */
import { isTooFar } from "../../../schema/wire/horizon.ts";
import type { Alert } from "../../../schema/state/entity/alert.ts";
import { inboxOf } from "../alert/inbox.ts";
import type { Format } from "../format/format.ts";
import type { FeatureLines } from "./feature-rows.ts";
import type { Numbers } from "./headline.ts";
import type { Places } from "./places.ts";
import type { SprintLine } from "./sprint.ts";

export interface Summed {
  any: boolean;
  now_ms: number;
  /** When the last thing happened, where that is so long ago that nobody works; else null. */
  silent_ms: number | null;
  features: FeatureLines;
  sprint: SprintLine | null;
  /** Why nothing is foretold; null: nobody knows. */
  why: string | null;
  budget: Numbers["budget"];
  alerts: readonly Alert[];
  format: Format;
  places: Pick<Places, "feature">;
}

export function summaryOf(given: Summed): Numbers {
  const { any, now_ms, silent_ms, features, why, budget, alerts, format, places } = given;
  const waiting = inboxOf(alerts, now_ms).entries.filter(({ status }) => status === "open");
  const next = features.lines.find(
    ({ p80, closed, risk }) =>
      closed === null && p80 !== null && !isTooFar(p80, now_ms) && risk.word !== "high",
  );
  const [stuck] = features.stuck;
  return {
    any,
    silent: silent_ms === null ? null : format.day(silent_ms),
    open: features.open,
    shipped: features.shipped,
    foretold: features.foretold,
    far: features.far,
    next:
      next === undefined || next.p80 === null
        ? null
        : {
            title: short(next.title),
            href: places.feature(next.id),
            p80: format.ahead(next.p80, now_ms),
            samples: next.samples,
          },
    sprint: sprintNumbers(given),
    why,
    stuck:
      stuck === undefined
        ? null
        : { count: features.stuck.length, title: short(stuck.title), href: places.feature(stuck.id) },
    budget,
    alerts: {
      critical: waiting.filter(({ alert }) => alert.severity === "critical").length,
      waiting: waiting.length,
      href: "#alerts",
    },
  };
}

function sprintNumbers({ sprint, features, now_ms, places }: Summed): Numbers["sprint"] {
  const { landing } = features;
  if (sprint === null || landing === null) return null;
  const [first] = landing.doubtful;
  const { ends_at } = sprint;
  return {
    name: short(sprint.name),
    href: "#features",
    end: ends_at === null ? "endless" : now_ms > ends_at ? "over" : "ahead",
    ...landing,
    doubtful:
      first === undefined
        ? null
        : { count: landing.doubtful.length, title: short(first.title), href: places.feature(first.id) },
  };
}

/** A sentence holds a name, not a paragraph. */
const MAX_NAME = 60;
function short(title: string): string {
  const characters = Array.from(title);
  return characters.length <= MAX_NAME ? title : `${characters.slice(0, MAX_NAME - 1).join("")}…`;
}
