/** Tasks far from their like, both ways, and what was different about those that went much better. */
import { modifiedZ, spreadOf } from "../../../schema/metric/statistic/deviation.ts";
import { ascending } from "../../../schema/metric/statistic/order-statistic.ts";
import { cutoffFor, LEAST_VALUES } from "../../insight/anomaly/cutoff.ts";
import { strataOf, stratumWords } from "../../insight/target/stratum.ts";
import { measured, UNITS, type Measure, type WorkRecord } from "../../insight/work/record.ts";
import { textOf, type FeatureCase } from "./case.ts";
import { evidenceOf, type Pattern } from "./pattern.ts";

/** Values compared with, per stratum: the newest. */
const MAX_VALUES = 100;
const MEASURES: readonly Measure[] = ["work", "tokens", "cost"];
/** Of its like, that may share a trait of a task that went well: else the trait explains nothing. */
const MAX_TRAIT_SHARE = 0.1;

export function outliers({ tasks, before, events }: FeatureCase): Pattern[] {
  const found: Pattern[] = [];
  for (const task of tasks)
    for (const measure of MEASURES) {
      const pattern = far(task, measure, before, () =>
        evidenceOf(events.filter(({ task_id }) => task_id === task.id).map(({ seq }) => seq)),
      );
      if (pattern !== null) found.push(pattern);
    }
  return found.map((pattern) =>
    pattern.kind === "better"
      ? { ...pattern, facts: { ...pattern.facts, alike: alikeOf(pattern, found) } }
      : pattern,
  );
}

/** Tasks of this feature that went much better and have the same trait: of one alone it may be chance. */
function alikeOf({ facts }: Pattern, found: readonly Pattern[]): number {
  const same = found.filter(
    ({ kind, facts: other }) => kind === "better" && other["trait"] === facts["trait"],
  );
  return new Set(same.flatMap(({ tasks }) => tasks)).size;
}

function far(
  task: WorkRecord,
  measure: Measure,
  before: readonly WorkRecord[],
  evidence: () => number[],
): Pattern | null {
  const own = measured(task, measure);
  if (!own.ok) return null;
  for (const stratum of strataOf(task)) {
    const like = before.filter((other) => other.id !== task.id && strataOf(other).includes(stratum));
    const known = like.map((other) => ({ other, found: measured(other, measure) })).slice(-MAX_VALUES * 2);
    const values = known.flatMap(({ found }) => (found.ok ? [Math.log(found.value)] : [])).slice(-MAX_VALUES);
    if (values.length < LEAST_VALUES) continue;
    const spread = spreadOf(ascending(values));
    const z = spread === null ? null : modifiedZ(Math.log(own.value), spread);
    if (spread === null || z === null || Math.abs(z) <= cutoffFor(values.length)) return null;
    const usual = Math.exp(spread.median);
    const trait = z < 0 ? traitOf(task, like) : null;
    if (z < 0 && trait === null) return null;
    return {
      kind: z > 0 ? "outlier" : "better",
      is_good: z < 0,
      tasks: [task.id],
      evidence: evidence(),
      effect: { value: own.value, usual, unit: UNITS[measure], samples: values.length },
      facts: {
        measure,
        like: stratumWords(stratum),
        title: task.title,
        ...(trait === null ? {} : { trait: trait.words, trait_share: trait.share }),
      },
      time_ms: measure === "work" ? Math.abs(own.value - usual) : null,
    };
  }
  return null;
}

/** A name that cannot end its quotation. */
const nameOf = (name: string): string => (textOf(name) ?? "").replace(/[“”]/gu, '"');

interface Trait {
  words: string;
  share: number;
}

/** What sets a task apart from its like: the rarest of what is known of it. */
function traitOf(task: WorkRecord, like: readonly WorkRecord[]): Trait | null {
  const traits: [string, (other: WorkRecord) => boolean][] = [];
  const { agent_id, files } = task;
  if (agent_id !== null)
    traits.push([`it was done by “${nameOf(agent_id)}”`, (other) => other.agent_id === agent_id]);
  if (files.length > 0)
    traits.push([
      `it touched ${String(files.length)} ${files.length === 1 ? "file" : "files"}`,
      (other) => other.files.length > 0 && other.files.length <= files.length,
    ]);
  if (task.cycles === 0) traits.push(["no reviewer sent it back", (other) => other.cycles === 0]);
  if (task.dependencies.length === 0)
    traits.push(["it waited for no other task", (other) => other.dependencies.length === 0]);
  const rated = traits
    .map(([words, has]) => ({ words, share: like.filter(has).length / like.length }))
    .sort((a, b) => a.share - b.share);
  const [rarest] = rated;
  return rarest !== undefined && rarest.share <= MAX_TRAIT_SHARE ? rarest : null;
}
