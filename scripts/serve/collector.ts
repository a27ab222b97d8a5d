/**
 * How V8 collects garbage in the runtime that serves: often and little, not seldom and much.
 *
 * workerd counts what a request was made of (the Request itself, its headers, a promise or two: some thirteen objects,
 * also of one that is refused) off one by one when the young generation is collected. V8 lets that grow to 16 MB, which
 * under load is all of 4,000 requests, and whoever comes meanwhile waits 20 to 60 ms for it, of whatever project he
 * is (V2). With 2 MB it is 1 to 3 ms, eight times as often.
 */
const YOUNG_GENERATION_MB = 2;
const FLAGS = `--max-semi-space-size=${YOUNG_GENERATION_MB}`;
/** Miniflare reads it whenever it writes workerd's configuration, and has no option for it. */
const VARIABLE = "MINIFLARE_WORKERD_V8_FLAGS";

/** Before Miniflare is made. What an operator set himself stays, and comes last: V8 heeds the last. */
export function collectOften(environment: Record<string, string | undefined>): void {
  const own = environment[VARIABLE] ?? "";
  if (own.split(" ").includes(FLAGS)) return;
  environment[VARIABLE] = own === "" ? FLAGS : `${FLAGS} ${own}`;
}
