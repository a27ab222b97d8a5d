/** The server's signature under a head, checked with a key that is known here (schema/wire/signed-head.ts). */
import { createPublicKey, verify } from "node:crypto";
import { statementOf, type SignedHead } from "../../schema/wire/signed-head.ts";

/** `trusted`: keys that may have signed; null: any, since the reader knows none yet. Null or what is wrong. */
export function checkSignature(head: SignedHead, trusted: readonly string[] | null): string | null {
  if (trusted !== null && !trusted.includes(head.public_key))
    return `the head at seq ${head.seq} is signed with an unknown key, ${head.public_key}`;
  const x = Buffer.from(head.public_key, "hex").toString("base64url");
  const statement = Buffer.from(statementOf(head));
  try {
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    if (verify(null, statement, key, Buffer.from(head.signature, "hex"))) return null;
  } catch {
    // Bytes that are no key: nothing can be signed with it.
  }
  return `the signature under the head at seq ${head.seq} is not valid`;
}
