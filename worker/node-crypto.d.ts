/**
 * The part of node:crypto that the Worker uses (workerd has it under
 * nodejs_compat). Its hashes are synchronous, which a transaction needs;
 * @types/node would bring Node's globals along, which workerd lacks.
 */
declare module "node:crypto" {
  export function hash(algorithm: "sha256", data: string | Uint8Array, output: "hex"): string;
  export function randomFillSync(bytes: Uint8Array): Uint8Array;
  export function timingSafeEqual(a: Uint8Array, b: Uint8Array): boolean;
}

/** As above: compression without a stream, for what must be done in one synchronous step. */
declare module "node:zlib" {
  export function gzipSync(bytes: Uint8Array, options: { level: number }): Uint8Array;
  export function gunzipSync(bytes: Uint8Array): Uint8Array;
}
