/** Defects that gather in one type of file. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { binomialAtMost } from "../../../schema/metric/statistic/binomial.ts";
import { fileType, textOf, textsOf, type FeatureCase } from "./case.ts";
import { evidenceOf, type Pattern } from "./pattern.ts";

/** Defects of one kind. */
const DEFECTS = [
  { what: "lint", is: ({ event_type }: StoredEvent) => event_type === "lint_error_found" },
  {
    what: "bugs after the merge",
    is: ({ event_type, metadata }: StoredEvent) =>
      event_type === "bug_reported" && metadata?.["found_in"] !== "review",
  },
] as const;
const LEAST_DEFECTS = 3;
/** Chance of so many in one type by its share of the files alone. */
const MAX_CHANCE = 0.01;

export function defects({ events, tasks }: FeatureCase): Pattern[] {
  const touched = new Map<string, number>();
  let all = 0;
  for (const type of new Set(tasks.flatMap(({ files }) => files))) {
    const ending = fileType(type);
    if (ending === null) continue;
    touched.set(ending, (touched.get(ending) ?? 0) + 1);
    all++;
  }
  const found: Pattern[] = [];
  for (const { what, is } of DEFECTS) {
    const by_type = new Map<string, StoredEvent[]>();
    const those = events.filter(is);
    for (const event of those)
      for (const type of new Set(textsOf(event.metadata?.["files"]).map(fileType)))
        if (type !== null) by_type.set(type, [...(by_type.get(type) ?? []), event]);
    for (const [type, own] of by_type) {
      const share = all === 0 ? 1 : (touched.get(type) ?? 0) / all;
      if (own.length < LEAST_DEFECTS || share <= 0) continue;
      if (1 - binomialAtMost(own.length - 1, those.length, share) > MAX_CHANCE) continue;
      const rules = [
        ...new Set(
          own.flatMap(({ metadata = {} }) => [textOf(metadata["rule"]), ...textsOf(metadata["rules"])]),
        ),
      ];
      const named = rules
        .filter((rule) => rule !== null)
        .slice(0, 3)
        .join(", ");
      found.push({
        kind: "defect",
        is_good: false,
        tasks: [...new Set(own.flatMap(({ task_id }) => (task_id === undefined ? [] : [task_id])))],
        evidence: evidenceOf(own.map(({ seq }) => seq)),
        effect: { value: own.length, usual: share * those.length, unit: "times", samples: those.length },
        facts: { what, type, ...(named === "" ? {} : { rules: named }) },
        time_ms: null,
      });
    }
  }
  return found;
}
