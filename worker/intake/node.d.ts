/**
 * The parts of Node that intake uses; workerd has them under nodejs_compat.
 * @types/node would bring Node's globals along, which workerd lacks.
 */
declare module "node:crypto" {
  export function hash(algorithm: "sha256", data: string | Uint8Array, output: "hex"): string;
  export function createHmac(
    algorithm: "sha256",
    key: string,
  ): { update(data: string): { digest(encoding: "hex"): string } };
}
declare module "node:zlib" {
  export function gunzipSync(data: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}
