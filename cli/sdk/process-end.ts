/**
 * The ends of a Node process, without taking them from the application:
 *
 *   beforeExit       nothing is left to do: one last delivery, the rest to disk
 *   SIGTERM, SIGINT  the same; then, if nobody else listens, the signal again, so
 *                    that the process ends by it as if no listener had been
 *   exit             process.exit() or an uncaught error: the disk alone
 */
import type { Ending } from "./client.ts";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
/** Marks listeners of every copy of this module, so that none takes another for the application's. */
const OURS = Symbol.for("clusterfork.process-end");

export function onEnd(ending: Ending): () => void {
  const idle = (): void => void ending.finish();
  const end = (): void => ending.end();
  const listeners = SIGNALS.map((signal) => {
    const listener = Object.assign(
      () => {
        const only_ours = process.listeners(signal).every((other) => OURS in other);
        void ending.finish().then(() => {
          if (!only_ours) return;
          process.removeListener(signal, listener);
          // Several senders wait for each other: the last one passes the signal on.
          if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
        });
      },
      { [OURS]: true },
    );
    process.on(signal, listener);
    return () => process.removeListener(signal, listener);
  });
  // `beforeExit` comes again after work was done; without new events `finish` then does nothing.
  process.on("beforeExit", idle);
  process.on("exit", end);
  return () => {
    process.removeListener("beforeExit", idle);
    process.removeListener("exit", end);
    for (const remove of listeners) remove();
  };
}
