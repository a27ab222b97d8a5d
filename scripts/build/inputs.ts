import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Files under `paths` (relative to `root`), sorted; tests build nothing. */
function filesOf(root: string, paths: string[]): string[] {
  return paths
    .flatMap((path) => {
      const full = join(root, path);
      if (!existsSync(full)) return [];
      if (statSync(full).isFile()) return [path];
      return readdirSync(full, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(join(root, "/").length))
        .filter((file) => !/\.test\.ts$|(^|\/)(node_modules|dist)\//.test(file));
    })
    .sort();
}

/** Hex SHA-256 over names and contents: the same inputs need no second build. */
export function hashInputs(root: string, paths: string[]): string {
  const hash = createHash("sha256");
  for (const file of filesOf(root, paths)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
