/** `clusterfork verify FOLDER`: what `sync` keeps, against itself and then against the server. */
import { resolveConnection, type Connection, type ConnectionFlags } from "../client/connection.ts";
import { checkSignature } from "../chain/signature.ts";
import { readSignedHead } from "../client/export.ts";
import { projectsIn } from "../sync/layout.ts";
import { firstDifference, firstTakenOut, sourceOf } from "../sync/source.ts";
import { verifyCopy, type CopyVerdict } from "../sync/verify-copy.ts";
import { describeForgotten } from "./forgotten.ts";
import { UserError } from "./user-error.ts";

const NOT_ASKED = 3;

type Whole = Extract<CopyVerdict, { ok: true }>;

export async function verifyFolder(
  dir: string,
  flags: ConnectionFlags & { offline: boolean },
  keys: readonly string[] | null,
): Promise<number> {
  const projects = projectsIn(dir);
  if (projects.length === 0)
    throw new UserError(
      `there is nothing of \`clusterfork sync\` in ${dir}: it has no folder events/<project>.`,
    );
  const connection = flags.offline ? null : connectionAtHand(flags);
  let code = 0;
  for (const project of projects) {
    const verdict = await verifyCopy(dir, project, keys);
    if (!verdict.ok) {
      console.error(
        `clusterfork: ${project} is broken at seq ${verdict.seq}: ${verdict.reason} (${verdict.path}).`,
      );
      code = 1;
      continue;
    }
    console.log(`${project}: ${describe(verdict)}`);
    const against = await compareWithServer(project, verdict, connection, keys ?? verdict.keys);
    if (against.code === 0) console.log(`${project}: ${against.words}`);
    else console.error(`clusterfork: ${project} ${against.words}`);
    if (code !== 1) code = Math.max(code, against.code);
    if (against.code === 1) code = 1;
  }
  return code;
}

function describe({ head, forgotten, unwitnessed, signed }: Whole): string {
  const gone = describeForgotten(forgotten.length, unwitnessed);
  return `whole: ${head.seq - forgotten.length} events${gone}; head ${head.seq}:${head.hash}; signed by ${signed.public_key} at ${new Date(signed.signed_at).toISOString()}`;
}

/** Null: no key to ask a server with, which a folder does not need. An address alone is a wish to ask. */
function connectionAtHand(flags: ConnectionFlags): Connection | null {
  try {
    return resolveConnection(flags);
  } catch (error) {
    if (error instanceof UserError && flags.url === undefined && flags.key === undefined) return null;
    throw error;
  }
}

async function compareWithServer(
  project: string,
  { heads, forgotten }: Whole,
  connection: Connection | null,
  keys: readonly string[],
): Promise<{ code: 0 | 1 | 3; words: string }> {
  // A key names its project, and is shown to no server for another's.
  if (connection === null || !connection.key.startsWith(`cfk_${project}_`))
    return {
      code: 0,
      words: "not compared with the server: there is no key for it here, or --offline was given.",
    };
  try {
    const ahead = await readSignedHead(connection);
    const reason =
      ahead.project === project
        ? checkSignature(ahead, keys)
        : `the server's key is of project ${ahead.project}`;
    if (reason !== null) return { code: 1, words: `is not what ${connection.url} has: ${reason}.` };
    const source = sourceOf(connection);
    const first = await firstDifference(heads, ahead, source);
    const taken = first === null ? await firstTakenOut(forgotten, source) : null;
    if (taken !== null)
      return {
        code: 1,
        words: `is broken at seq ${taken}: the event was taken out, and ${connection.url} has it.`,
      };
    if (first === null)
      return { code: 0, words: `the same as at ${connection.url}, whose log goes to seq ${ahead.seq}.` };
    const short =
      first > ahead.seq ? `the server's log ends at seq ${ahead.seq}` : "the server has another event there";
    return { code: 1, words: `is whole, but not what ${connection.url} has from seq ${first} on: ${short}.` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: NOT_ASKED, words: `is whole, but the server could not be asked: ${error.message}` };
  }
}
