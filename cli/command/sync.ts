/** `clusterfork sync FOLDER`: the log with its chain, kept in a git repository. */
import { resolveConnection } from "../client/connection.ts";
import { sourceOf } from "../sync/source.ts";
import { syncCopy, type Synced } from "../sync/sync.ts";
import { CONNECTION_OPTIONS, readFlags, readPublicKey } from "./flags.ts";
import { UserError } from "./user-error.ts";

export async function sync(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("sync", args, {
    ...CONNECTION_OPTIONS,
    push: { type: "boolean", default: false },
    "no-commit": { type: "boolean", default: false },
    "trust-key": { type: "string" },
  });
  const [dir, ...more] = positionals;
  if (dir === undefined || more.length > 0)
    throw new UserError("sync into which folder? `clusterfork sync FOLDER`, inside a git repository.", 2);
  if (values.push && values["no-commit"])
    throw new UserError("--push sends commits, and --no-commit makes none: give one of them.", 2);
  const trust = values["trust-key"] === undefined ? null : readPublicKey(values["trust-key"]);
  const options = { commit: !values["no-commit"], push: values.push, trust };
  console.log(describe(await syncCopy(dir, sourceOf(resolveConnection(values)), options)));
  return 0;
}

function describe({ project, events, head, pinned, commit, pushed }: Synced): string {
  const done = [
    `${project}: ${events === 0 ? "nothing new" : `${events} new events`}; head ${head.seq}:${head.hash}`,
    ...(commit === null ? [] : [`committed as ${commit}`]),
    ...(pushed ? ["pushed"] : []),
  ].join("; ");
  if (pinned === null) return done;
  return `${done}\nThe server's public key is pinned from now on: ${pinned}`;
}
