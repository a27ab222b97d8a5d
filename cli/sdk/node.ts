/** The SDK in Node: the disk, the environment and the ends of a process. */
import { Client, type Runtime } from "./client.ts";
import { onEnd } from "./process-end.ts";
import type { Defaults } from "./event.ts";
import type { Options } from "./options.ts";
import { Spool, spoolFolder } from "./spool.ts";

export type * from "./public.ts";

const RUNTIME: Runtime = {
  env: (name) => process.env[name] || undefined,
  openBacklog: (options, target, tell) => new Spool(spoolFolder(options, target), options, tell),
  onEnd,
};

export class Clusterfork<const D extends Defaults = Defaults> extends Client<D> {
  constructor(options: Options<D> = {}) {
    super(options, RUNTIME);
  }
}
