/** The pinned packages that the vectors are learned from: fetched by npm, held against the integrity that is recorded. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf } from "./archive.ts";
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

const isProse = (path: string) =>
  /\.(?:mdx?|d\.[cm]?ts)$/i.test(path) &&
  !/licen[cs]e|notice/i.test(path.slice(path.lastIndexOf("/") + 1)) &&
  !path.includes("node_modules/");

/** Reads one package: its licence as it says it, and its passages in a fixed order. */
export function readPackage(archive: string): { license: string; passages: string[] } {
  const files = filesOf(readFileSync(archive), (path) => path === "package.json" || isProse(path));
  const manifest = files.find(([path]) => path === "package.json")?.[1] ?? "{}";
  const said = JSON.parse(manifest) as { license?: unknown };
  const passages = files.flatMap(([path, text]) => {
    if (path === "package.json") return [];
    return /\.mdx?$/i.test(path) ? readMarkdown(text) : readDeclarations(text);
  });
  return { license: typeof said.license === "string" ? said.license : "", passages };
}
