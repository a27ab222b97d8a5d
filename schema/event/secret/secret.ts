/**
 * No secret is ever stored (P1): what looks like one is replaced by
 * `[redacted:<rule>]` before the log, the sockets, the archive and the index
 * see it, in keys as in values.
 *
 *   value ──tree──▶ each key and string ──scan──▶ spans ──▶ replaced text
 *
 * The rules find what can be told by its form (rule/*.ts) or by the name beside
 * it (rule/assignment.ts, field-name.ts). Kept on purpose: git hashes, UUIDs,
 * ULIDs, digests (npm's `sha512-…` too), plain base64, paths, model and task
 * names. Out of reach: a secret split over several strings, a random value that
 * neither form nor name gives away, and encodings other than JSON's and URLs'.
 */
export { isSecretFieldName } from "./field-name.ts";
export type { SecretSpan } from "./rule.ts";
export { findSecrets, redactSecretsInText } from "./text.ts";
export { readsAsNothing, redactSecrets } from "./tree.ts";
