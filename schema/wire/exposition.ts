/**
 * Prometheus's text exposition format 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats): metric families with
 * help, type and samples. Names are ours, label values are anybody's.
 */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export interface Sample {
  labels?: Readonly<Record<string, string>>;
  value: number;
}

export type Family =
  | { name: string; help: string; type: "counter" | "gauge"; samples: readonly Sample[] }
  | { name: string; help: string; type: "histogram"; histogram: Histogram };

/** Observations at or below each bound; the whole count stands apart, as `+Inf`. */
export interface Histogram {
  bounds: readonly number[];
  /** Not cumulative: one more than bounds, the last for what is above all of them. */
  counts: readonly number[];
  sum: number;
}

export function exposition(families: readonly Family[]): string {
  return families.map(familyText).join("");
}

function familyText(family: Family): string {
  const { name, help, type } = family;
  const head = [`# HELP ${name} ${escape(help)}`, `# TYPE ${name} ${type}`];
  const samples =
    family.type === "histogram"
      ? histogramLines(name, family.histogram)
      : family.samples.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${numberText(value)}`);
  return `${[...head, ...samples].join("\n")}\n`;
}

function histogramLines(name: string, { bounds, counts, sum }: Histogram): string[] {
  let below = 0;
  const buckets = [...bounds, Infinity].map((bound, i) => {
    below += counts[i] ?? 0;
    return `${name}_bucket${labelText({ le: numberText(bound) })} ${below}`;
  });
  return [...buckets, `${name}_sum ${numberText(sum)}`, `${name}_count ${below}`];
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([label, value]) => `${label}="${escape(value).replaceAll('"', '\\"')}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escape(text: string): string {
  return text.toWellFormed().replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
