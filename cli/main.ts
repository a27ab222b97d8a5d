/**
 * The `clusterfork` command.
 *
 *   argv ──parse──▶ command ──▶ client (HTTP, socket) ──▶ Clusterfork
 *
 * A command returns an exit code; what a person can mend is a `UserError`
 * and is printed as one line. Exit codes: 0 done, 1 the server or the input
 * refused, 2 the command line is wrong; 3 of `verify`: the server could not be asked.
 */
import { agents } from "./command/agents.ts";
import { alerts } from "./command/alerts.ts";
import { budget } from "./command/budget.ts";
import { build } from "./command/build.ts";
import { connect } from "./command/connect.ts";
import { eta } from "./command/eta.ts";
import { exportCommand } from "./command/export.ts";
import { importCommand } from "./command/import.ts";
import { login, logout } from "./command/login.ts";
import { metrics } from "./command/metrics.ts";
import { lessons } from "./command/lessons.ts";
import { report } from "./command/report.ts";
import { query } from "./command/query.ts";
import { run } from "./command/run.ts";
import { send } from "./command/send.ts";
import { simulateCommand } from "./command/simulate.ts";
import { sprint } from "./command/sprint.ts";
import { sync } from "./command/sync.ts";
import { tail } from "./command/tail.ts";
import { verify } from "./command/verify.ts";
import { UserError } from "./command/user-error.ts";
import { clean } from "./print/terminal.ts";
import { HELP, VERSION } from "./command/help.ts";

const COMMANDS: Record<string, (args: string[]) => Promise<number>> = {
  login,
  logout,
  connect,
  send,
  import: importCommand,
  simulate: simulateCommand,
  tail,
  query,
  metrics,
  agents,
  alerts,
  lessons,
  budget,
  eta,
  report,
  sprint,
  run,
  build,
  export: exportCommand,
  sync,
  verify,
};

async function main(argv: string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === "--version" || name === "-v") {
    console.log(VERSION);
    return 0;
  }
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    console.log(HELP.all);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    console.error(
      `clusterfork has no command "${clean(name, 40)}". Commands: ${Object.keys(COMMANDS).join(", ")}. See \`clusterfork --help\`.`,
    );
    return 2;
  }
  // What stands after `--` is another command's.
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  if (own.includes("--help") || own.includes("-h")) {
    console.log(HELP[name] ?? HELP.all);
    return 0;
  }
  return await command(args);
}

// `… --dry-run | head` has what it wanted; what is left to print has no reader.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UserError) {
    console.error(`clusterfork: ${error.message}`);
    process.exitCode = error.exit_code;
  } else throw error;
}
