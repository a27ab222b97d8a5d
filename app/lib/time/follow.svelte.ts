/**
 * Keeps the clock and the address together: `?at=` moves the clock, and the
 * clock writes `?at=` once it rests, so that a link, a reload and the way back
 * show the same moment.
 */
import { untrack } from "svelte";
import { goto } from "$app/navigation";
import { page } from "$app/state";
import { readMoment, readSpeed, withMoment } from "./address.ts";
import type { Travel } from "./travel.svelte.ts";

/** Browsers refuse more than some hundred changes of the address in half a minute. */
const WRITE_AFTER_MS = 300;

/** Call while a component is made. */
export function followAddress(travel: Travel): void {
  /** What the address says as far as this knows; undefined before the first look. */
  let known_at: string | null | undefined;
  let known_path = "";

  $effect.pre(() => {
    const at = page.url.searchParams.get("at");
    const path = page.url.pathname;
    travel.speed = readSpeed(page.url.searchParams.get("speed"));
    untrack(() => {
      if (at === known_at && path === known_path) return;
      known_at = at;
      known_path = path;
      const moment = readMoment(at);
      if (moment === null) travel.goLive();
      else if (!("seq" in moment) || moment.seq !== travel.seq) void travel.open(moment);
    });
  });

  $effect(() => {
    const { seq } = travel;
    const said = readMoment(untrack(() => page.url.searchParams.get("at")));
    if (seq === null && travel.past) return; // A time is being looked up.
    if (seq === null ? said === null : said !== null && "seq" in said && said.seq === seq) return;
    // The first look at the past can be left by going back; moving about in it leaves no trail.
    const replace = (said === null) === (seq === null);
    const timer = setTimeout(() => {
      known_at = seq === null ? null : String(seq);
      void goto(withMoment(page.url.searchParams, seq), { reset: false, replace });
    }, WRITE_AFTER_MS);
    return () => clearTimeout(timer);
  });
}
