/**
 * What of metadata may be stored: artifacts become their hashes, secrets go.
 *
 *   metadata ──nothing to clean?──▶ as it is            almost all: one look at each entry
 *                └─else──▶ artifacts ──▶ secret fields ──▶ secrets in texts
 */
import { isArtifactName, reduceArtifacts, type Sha256Hex } from "./artifact.ts";
import type { Json } from "./event.ts";
import { MAX_TEXT_BYTES } from "./limits.ts";
import { isSecretField, redactSecretFields } from "./secret-field.ts";
import { findSecrets, readsAsNothing, redactSecrets } from "./secret/secret.ts";
import { metadataNames } from "./taxonomy.ts";

type Metadata = { [key: string]: Json };

export function clean(metadata: Metadata, sha256Hex: Sha256Hex): Metadata {
  if (isClean(metadata)) return metadata;
  return redactSecrets(redactSecretFields(reduceArtifacts(metadata, sha256Hex)));
}

/** True only of what the three steps would leave as it is; false says nothing. */
function isClean(metadata: Metadata): boolean {
  for (const key of Object.keys(metadata)) {
    if (!HARMLESS_NAMES.has(key) && !isHarmlessName(key)) return false;
    const value = metadata[key];
    if (typeof value === "string") {
      // A UTF-16 unit is at most three bytes.
      if (value.length * 3 > MAX_TEXT_BYTES || findSecrets(value).length > 0) return false;
    } else if (typeof value === "object" && value !== null) return false;
  }
  return true;
}

/** It asks nothing of its value. */
function isHarmlessName(name: string): boolean {
  return !isArtifactName(name) && !isSecretField(name) && readsAsNothing(name);
}

/** The declared ones, since asking a set is a tenth of asking the rules. */
const HARMLESS_NAMES: ReadonlySet<string> = new Set(metadataNames().filter(isHarmlessName));
