/** The pinned packages that the vectors are learned from: fetched by npm, held against the integrity that is recorded. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readDeclarations, readMarkdown } from "./passages.ts";

export interface Pinned {
  name: string;
  version: string;
  license: string;
  /** As npm's lockfiles write it: `sha512-…` of the archive. */
  integrity: string;
}

/** Licences that allow what is made of the documentation to be passed on under our own. */
export const LICENSES: ReadonlySet<string> = new Set([
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "0BSD",
  "MIT OR Apache-2.0",
]);

export const integrityOf = (archive: Uint8Array) =>
  `sha512-${createHash("sha512").update(archive).digest("base64")}`;

const archiveName = ({ name, version }: Pick<Pinned, "name" | "version">) =>
  `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;

/** The archive in `folder`, fetched where it is missing. */
export function fetchArchive(pinned: Pick<Pinned, "name" | "version">, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, archiveName(pinned));
  if (!existsSync(path))
    execFileSync(
      "npm",
      ["pack", `${pinned.name}@${pinned.version}`, "--silent", "--pack-destination", folder],
      {
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
  return path;
}

/** Files in the order of their names, whatever the disk says. */
function documentation(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:mdx?|d\.[cm]?ts)$/i.test(entry.name))
    .filter((entry) => !/licen[cs]e|notice/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.slice(root.length).includes("/node_modules/"))
    .sort();
}

/** Reads one package: its licence as it says it, and its passages in a fixed order. */
export function readPackage(archive: string): { license: string; passages: string[] } {
  const folder = mkdtempSync(join(tmpdir(), "clusterfork-words-"));
  try {
    execFileSync("tar", ["-xzf", archive, "-C", folder, "--no-same-owner"]);
    const [top] = readdirSync(folder);
    const root = join(folder, top ?? "");
    const said = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { license?: unknown };
    const passages = documentation(root).flatMap((path) => {
      const text = readFileSync(path, "utf8");
      return /\.mdx?$/i.test(path) ? readMarkdown(text) : readDeclarations(text);
    });
    return { license: typeof said.license === "string" ? said.license : "", passages };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
