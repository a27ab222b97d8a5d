/**
 * For scripts that `hand-over.mjs` starts: when the process that started them is killed, the IPC
 * channel closes, and this whole process group (it leads it) goes too.
 */
export function leash(stop: () => void = killOwnGroup): void {
  if (!process.connected) return;
  process.once("disconnect", stop);
  // Listening alone must not keep a finished script alive.
  process.channel?.unref();
}

function killOwnGroup(): void {
  process.kill(-process.pid, "SIGKILL");
}
