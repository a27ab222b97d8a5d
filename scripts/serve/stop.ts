import { leash } from "../bootstrap/leash.ts";

/**
 * Ends the process once, in order, when its starter says so or is gone. May be called before there
 * is anything to stop. A second Ctrl-C is the starter's business: it kills the group.
 */
export function onStop(close: () => Promise<void>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`Stopping went wrong: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on("message", (message) => {
    if (message === "stop") stop();
  });
  leash(stop);
}
