/** The words and units of numbers, in lower case; what they mean in a text is number.ts. */

const UNIT_NAMES: Readonly<Record<string, readonly string[]>> = {
  ns: ["ns", "nanosecond", "nanoseconds", "picosecond", "picoseconds"],
  us: ["\u03bcs", "us", "microsecond", "microseconds"],
  ms: ["ms", "millisecond", "milliseconds"],
  s: ["s", "sec", "secs", "second", "seconds"],
  min: ["min", "mins", "minute", "minutes"],
  h: ["h", "hr", "hrs", "hour", "hours", "hourly", "hourlong"],
  days: ["d", "day", "days", "daily", "overnight", "night", "nights", "nightly"],
  weeks: [
    "week",
    "weeks",
    "weekly",
    "biweekly",
    "fortnight",
    "fortnights",
    "fortnightly",
    "weekend",
    "weekends",
  ],
  months: ["month", "months", "monthly", "bimonthly"],
  years: ["year", "years", "yearly", "annual", "annually", "annum", "biennial", "biannual"],
  decades: ["decade", "decades"],
  centuries: ["century", "centuries", "millennium", "millennia", "millenniums"],
  "%": ["%", "percent", "percentage", "pct", "permille", "‰", "percentile", "percentiles"],
  usd: [
    "$",
    "usd",
    "dollar",
    "dollars",
    "cent",
    "cents",
    "euro",
    "euros",
    "eur",
    "€",
    "£",
    "¥",
    "pound",
    "pounds",
    "yen",
  ],
  tokens: ["token", "tokens"],
  bytes: ["byte", "bytes", "octet", "octets"],
  kB: ["kb", "kib", "kilobyte", "kilobytes"],
  MB: ["mb", "mib", "megabyte", "megabytes"],
  GB: ["gb", "gib", "gigabyte", "gigabytes"],
  TB: ["tb", "tib", "terabyte", "terabytes", "petabyte", "petabytes"],
  times: ["times", "×", "x"],
};
export const UNITS = new Map(
  Object.entries(UNIT_NAMES).flatMap(([unit, names]) => names.map((name) => [name, unit] as const)),
);
/** Read as units only behind a number: alone they are letters, or say nothing of how much. */
export const NO_UNIT_ALONE = new Set([
  "s",
  "h",
  "d",
  "x",
  "min",
  "sec",
  "ms",
  "ns",
  "us",
  "byte",
  "bytes",
  "token",
  "tokens",
  "times",
]);

const ONES =
  `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
  seventeen eighteen nineteen`.split(/\s+/);
export const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
export const VALUES = new Map([
  ...ONES.map((word, value) => [word, value] as const),
  ...TENS.map((word, n) => [word, 20 + 10 * n] as const),
]);
export const SCALES = new Map([
  ["hundred", 100],
  ["thousand", 1_000],
  ["million", 1_000_000],
  ["billion", 1e9],
  ["trillion", 1e12],
  ["quadrillion", 1e15],
]);
export const OFTEN = new Map([
  ["once", 1],
  ["twice", 2],
  ["thrice", 3],
]);
const IRREGULAR = new Map(
  "two:second three:third five:fifth eight:eighth nine:ninth twelve:twelfth"
    .split(" ")
    .map((pair) => pair.split(":") as [string, string]),
);
export const ORDINALS = new Map(
  [...VALUES, ...SCALES]
    .filter(([, value]) => value > 1)
    .map(([word, value]) => [IRREGULAR.get(word) ?? `${word.replace(/y$/, "ie")}th`, value] as const),
);
/** Parts of a whole, and tens of years: thirds, twentieths, the nineties. "Seconds" are of time. */
const PLURALS = [...[...ORDINALS.keys()].filter((word) => word !== "second"), ...TENS].map((word) =>
  `${word}s`.replace(/ys$/, "ies"),
);
export const AS_WRITTEN = new Set([
  ...PLURALS,
  ...`half halves halve halved quarter quarters quartered quarterly double doubles doubled doubling triple
  triples tripled quadruple quadrupled dozen dozens couple couples pair pairs both trio umpteen hundreds thousands millions billions trillions quadrillions
  zillion zillions tens
  yesterday tomorrow tonight today monday tuesday wednesday thursday friday saturday sunday january february april june
  july august september october november december`.split(/\s+/),
]);
export const IS_FOLD = /^[\p{L}\p{N}.]+-?fold$/u;
