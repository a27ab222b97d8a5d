/**
 * The SDK in Workers and browsers: nothing of Node, and no disk. In a Worker
 * make one sender per request and end it with `ctx.waitUntil(sender.close())`.
 */
import { Client, type Ending, type Runtime } from "./client.ts";
import type { Defaults } from "./event.ts";
import type { Options } from "./options.ts";

export type * from "./public.ts";

/** What a browser's page has and a Worker has not. */
interface Page {
  addEventListener(type: "visibilitychange", listener: () => void): void;
  removeEventListener(type: "visibilitychange", listener: () => void): void;
  visibilityState: string;
}

const RUNTIME: Runtime = {
  env: () => undefined,
  openBacklog: null,
  onEnd(ending: Ending) {
    const page = (globalThis as { document?: Page }).document;
    if (page === undefined) return () => undefined;
    // A page that is hidden may never be shown again, and gets no other notice.
    const hide = (): void => {
      if (page.visibilityState === "hidden") void ending.finish();
    };
    page.addEventListener("visibilitychange", hide);
    return () => page.removeEventListener("visibilitychange", hide);
  },
};

export class Clusterfork<const D extends Defaults = Defaults> extends Client<D> {
  constructor(options: Options<D> = {}) {
    super(options, RUNTIME);
  }
}
