/**
 * The installation's signature under a head (schema/wire/signed-head.ts).
 *
 *   KEY_SECRET ─HKDF-SHA-256 (RFC 5869)─▶ seed ─▶ Ed25519 key pair
 *
 * The key is derived and not one secret more: nothing is to be set or to be lost apart from the data, and
 * whoever must change KEY_SECRET because it leaked must change this key too. A change makes every API key
 * void, so copies notice it at the same time: they hold on to the old key until a person names the new one.
 */
import { statementOf, type SignedHead } from "../../schema/wire/signed-head.ts";
import type { Head } from "../../schema/wire/http.ts";

/** Keeps the seed apart from every other use of the secret. */
const PURPOSE = "clusterfork chain signing v1";
const SEED_BITS = 256;
/** The ASN.1 in front of a seed in PKCS #8 (RFC 8410, section 7): WebCrypto takes no bare seed. */
const PKCS8_PREFIX = new Uint8Array([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);

const utf8 = new TextEncoder();

export async function signHead(
  secret: string,
  project: string,
  { seq, hash }: Head,
  now_ms: number,
): Promise<SignedHead> {
  const key = await signingKey(secret);
  const statement = { project, seq, hash, signed_at: now_ms };
  const signature = await crypto.subtle.sign("Ed25519", key, utf8.encode(statementOf(statement)));
  return { ...statement, public_key: await publicKey(key), signature: new Uint8Array(signature).toHex() };
}

async function signingKey(secret: string): Promise<CryptoKey> {
  const root = await crypto.subtle.importKey("raw", utf8.encode(secret), "HKDF", false, ["deriveBits"]);
  const derivation = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: utf8.encode(PURPOSE),
  };
  const seed = new Uint8Array(await crypto.subtle.deriveBits(derivation, root, SEED_BITS));
  const pkcs8 = new Uint8Array(PKCS8_PREFIX.length + seed.length);
  pkcs8.set(PKCS8_PREFIX);
  pkcs8.set(seed, PKCS8_PREFIX.length);
  // Extractable, because WebCrypto shows the public half of a private key only in its JWK.
  return crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
}

async function publicKey(key: CryptoKey): Promise<string> {
  const jwk = await crypto.subtle.exportKey("jwk", key);
  if (!("x" in jwk) || jwk.x === undefined) throw new Error("an Ed25519 key without its public half");
  return Uint8Array.fromBase64(jwk.x, { alphabet: "base64url" }).toHex();
}
