/**
 * A head of a project's chain, signed by the installation (Ed25519, RFC 8032): whoever noted one can
 * show later what the log was, also to somebody who does not trust the server any more. The last line of
 * an export has one, `GET …/chain` serves the newest, and `clusterfork sync` keeps one for each of its commits.
 */
import * as z from "zod";

export interface SignedHead {
  /** The project's id. */
  project: string;
  seq: number;
  /** Hex. */
  hash: string;
  /** The server's clock, ms since 1970. */
  signed_at: number;
  /** Ed25519, hex; one for all projects of an installation. */
  public_key: string;
  /** Ed25519 over `statementOf`, hex. */
  signature: string;
}

/** Raised when the statement changes: a signature must never be readable as saying something else. */
const STATEMENT = "clusterfork chain head v1";

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

export const signedHead = z.object({
  project: z.string().regex(/^p[a-z0-9]{15}$/),
  seq: z.int().min(0),
  hash: hex(32).describe("The chain's head at `seq`."),
  signed_at: z.int().min(0).describe("The server's clock, ms since 1970."),
  public_key: hex(32).describe("Ed25519; one for all projects of an installation."),
  signature: hex(64).describe(
    `Ed25519 over the UTF-8 lines \`${STATEMENT}\`, project, seq, hash and signed_at, each ended by a line feed.`,
  ),
}) satisfies z.ZodType<SignedHead>;

/** What is signed, as UTF-8. The first line keeps a signature from being taken for one of another purpose. */
export function statementOf({
  project,
  seq,
  hash,
  signed_at,
}: Omit<SignedHead, "public_key" | "signature">): string {
  return [STATEMENT, project, seq, hash, signed_at, ""].join("\n");
}
