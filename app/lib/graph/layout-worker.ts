/** Starts the layout's worker; the bundler finds it by this very expression. */
export function startLayoutWorker(): Worker {
  return new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
}
