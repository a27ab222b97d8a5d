/**
 * Secrets of others that have to be said again, such as a receiver's key: kept in D1 by AES-GCM under a key
 * derived from the installation's own, and bound to where they belong, so that a copied row opens nothing.
 */
const VERSION = "v1";
/** What AES-GCM wants (NIST SP 800-38D, 5.2.1.1). */
const NONCE_BYTES = 12;

const utf8 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));

async function keyOf(secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", utf8(secret), "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: utf8(""), info: utf8("clusterfork seal") };
  const cipher = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(derivation, material, cipher, false, ["encrypt", "decrypt"]);
}

/** `place`: the row and column it is for. */
export async function seal(secret: string, place: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const parameters = { name: "AES-GCM", iv, additionalData: utf8(place) };
  const sealed = await crypto.subtle.encrypt(parameters, await keyOf(secret), utf8(text));
  return [VERSION, base64(iv), base64(new Uint8Array(sealed))].join(".");
}

/** Null when it was not sealed for this place by this installation: its secret may have been changed. */
export async function unseal(secret: string, place: string, text: string): Promise<string | null> {
  const [version, iv, sealed] = text.split(".");
  if (version !== VERSION || iv === undefined || sealed === undefined) return null;
  try {
    const parameters = { name: "AES-GCM", iv: bytes(iv), additionalData: utf8(place) };
    const opened = await crypto.subtle.decrypt(parameters, await keyOf(secret), bytes(sealed));
    return new TextDecoder().decode(opened);
  } catch {
    // The runtime says the same of a wrong key, place and text: it does not open.
    return null;
  }
}

function base64(data: Uint8Array): string {
  return btoa(String.fromCharCode(...data));
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
