/** A command of the user's as a child: our environment, its own input and output, its signals and its exit code. */
import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { UserError } from "./user-error.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Child {
  process: ChildProcess;
  /** Its exit code; 128 + n after signal n, as shells say it. */
  ended: Promise<number>;
}

/** A list is run as it is, a text by the shell. */
export function startChild(command: readonly string[] | string, env: Record<string, string>): Child {
  const options = { stdio: "inherit", env: { ...process.env, ...env } } as const;
  const child =
    typeof command === "string"
      ? spawn(command, { ...options, shell: true })
      : spawn(command[0] ?? "", command.slice(1), options);
  // Ctrl-C at a terminal reaches the child by itself too; a second one does it no harm.
  const passed = SIGNALS.map((signal) => {
    const pass = (): void => void child.kill(signal);
    process.on(signal, pass);
    return () => process.removeListener(signal, pass);
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", (error) => {
      const name = typeof command === "string" ? command : (command[0] ?? "");
      reject(new UserError(`cannot run ${name}: ${error.message}`));
    });
    child.once("exit", (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  }).finally(() => {
    for (const remove of passed) remove();
  });
  return { process: child, ended };
}

/** What stands before and after `--`. */
export function splitCommand(args: readonly string[]): { own: string[]; command: string[] } {
  const at = args.indexOf("--");
  return at === -1
    ? { own: [...args], command: [] }
    : { own: args.slice(0, at), command: args.slice(at + 1) };
}
