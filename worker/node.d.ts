/**
 * The part of Node that the Worker uses (workerd has it under nodejs_compat).
 * Its hashes are synchronous, which a transaction needs; @types/node would
 * bring Node's globals along, which workerd lacks.
 */
declare module "node:crypto" {
  export function hash(algorithm: "sha256", data: string | Uint8Array, output: "hex"): string;
  export function hash(algorithm: "sha256", data: Uint8Array, output: "buffer"): Uint8Array;
  interface Digest {
    digest(encoding: "hex"): string;
    digest(): Uint8Array;
  }
  export function createHash(algorithm: "sha256"): { update(data: string | Uint8Array): Digest };
  export function createHmac(
    algorithm: "sha256",
    key: string | Uint8Array,
  ): { update(data: string | Uint8Array): Digest };
  export function randomFillSync(bytes: Uint8Array): Uint8Array;
  export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}
declare module "node:zlib" {
  export function gunzipSync(data: Uint8Array, options?: { maxOutputLength: number }): Uint8Array;
  export function gzipSync(data: Uint8Array, options: { level: number }): Uint8Array;
}
