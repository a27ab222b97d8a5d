/**
 * Passphrases of share links, salted and stretched (PBKDF2, RFC 8018):
 *
 *   pbkdf2-sha256$<iterations>$<salt, hex>$<hash, hex>
 */
import { timingSafeEqual } from "node:crypto";

/** Short enough to say on the telephone; guessing is held back by counting (attempts.ts). */
export const MIN_PASSPHRASE_CHARACTERS = 8;
export const MAX_PASSPHRASE_CHARACTERS = 128;
/** The most that Cloudflare's Workers allow; some 30 ms. */
const ITERATIONS = 100_000;
const SALT_BYTES = 16;
const HASH_BITS = 256;

export async function hashPassphrase(passphrase: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const hash = await stretch(passphrase, salt, ITERATIONS);
  return ["pbkdf2-sha256", String(ITERATIONS), hexOf(salt), hexOf(hash)].join("$");
}

export async function isPassphrase(passphrase: string, stored: string): Promise<boolean> {
  const [algorithm, iterations = "", salt = "", hash = ""] = stored.split("$");
  if (algorithm !== "pbkdf2-sha256") throw new Error(`no such stretching of passphrases: ${algorithm}`);
  const offered = await stretch(passphrase, bytesOf(salt), Number(iterations));
  const expected = bytesOf(hash);
  return offered.length === expected.length && timingSafeEqual(offered, expected);
}

/** NFC, since keyboards write the same letter in different ways. */
async function stretch(
  passphrase: string,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
): Promise<Uint8Array> {
  const text = new TextEncoder().encode(passphrase.normalize("NFC"));
  const key = await crypto.subtle.importKey("raw", text, "PBKDF2", false, ["deriveBits"]);
  const derived = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    key,
    HASH_BITS,
  );
  return new Uint8Array(derived);
}

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
