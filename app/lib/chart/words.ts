/** What a chart says to somebody who does not see it: value, target, range and outliers, in one sentence. */

export interface ChartWords {
  name: string;
  /** `Last 24 h`. */
  over?: string;
  /** The value now, with its unit; null: unknown. */
  value: string | null;
  /** `≤ 15 min`. */
  target?: string | null | undefined;
  status?: "met" | "missed" | "unknown" | undefined;
  /** Smallest and largest value shown. */
  range?: [low: string, high: string] | null | undefined;
  /** Control limits. */
  limits?: [low: string, high: string] | null | undefined;
  /** How many points lie outside of the limits, or otherwise apart; counted only where it is known what is usual. */
  outliers?: number | null | undefined;
  /** Steps in which nothing is known, of how many. */
  gaps?: [count: number, of: number] | undefined;
}

export function chartLabel(words: ChartWords): string {
  const { name, over, value, target, status, range, limits, outliers, gaps } = words;
  const parts = [over === undefined ? name : `${name}, ${over}`];
  parts.push(value === null ? "unknown" : `now ${value}`);
  if (target !== null && target !== undefined)
    parts.push(`target ${target}${status === undefined || status === "unknown" ? "" : ` ${status}`}`);
  if (range !== null && range !== undefined)
    parts.push(range[0] === range[1] ? `always ${range[0]}` : `from ${range[0]} to ${range[1]}`);
  if (limits !== null && limits !== undefined) parts.push(`control limits ${limits[0]} to ${limits[1]}`);
  if (outliers !== null && outliers !== undefined)
    parts.push(
      outliers === 0 ? "none outside" : `${outliers} ${outliers === 1 ? "point" : "points"} outside`,
    );
  if (gaps !== undefined && gaps[0] > 0) parts.push(`unknown in ${gaps[0]} of ${gaps[1]} steps`);
  return parts.join(", ");
}

export function intervalLabel(name: string, p50: string | null, p80: string | null, late: boolean): string {
  if (p50 === null || p80 === null) return `${name}: no forecast`;
  return `${name}: as likely as not by ${p50}, four times in five by ${p80}${late ? ", which is late" : ""}`;
}

export function stripLabel(name: string, own: string, target: string | null, peers: number): string {
  const held = target === null ? "" : `, target ${target}`;
  return `${name} ${own}${held}, among ${peers} ${peers === 1 ? "peer" : "peers"}`;
}

export function liftLabel(
  name: string,
  value: string | null,
  interval: [string, string] | null,
  n: number,
): string {
  if (value === null) return `${name}: unknown, of ${n}`;
  const reach = interval === null ? "" : `, 95 % interval ${interval[0]} to ${interval[1]}`;
  return `${name}: ${value}${reach}, of ${n}`;
}
