/** ESLint rule `house/import-direction`: imports run the one way that `import-table.ts` allows. */
import type { Rule } from "eslint";
import { posix, relative, sep } from "node:path";
import { HOUSE } from "./import-table.ts";

const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

/** The longest folder of the table that holds `path`. */
export function roomOf(path: string): string | undefined {
  return Object.keys(HOUSE)
    .filter((folder) => within(path, folder))
    .sort((a, b) => b.length - a.length)[0];
}

/** `name` of a table entry covers `path`: the folder itself (without rooms of its own inside), a file, or a `query` prefix. */
function covers(entry: string, path: string): boolean {
  if (entry.endsWith("/query")) return path.startsWith(entry);
  if (!within(path, entry)) return false;
  return true;
}

/** Why `file` may not import `target` (a path from the root, or a package); undefined when it may. */
export function refusal(file: string, target: string, typeOnly: boolean): string | undefined {
  const from = roomOf(file);
  if (from === undefined || file.endsWith(".test.ts")) return undefined;
  const room = HOUSE[from];
  if (room === undefined) return undefined;
  const isPackage = !/\.(ts|js|svelte|json|css|sql|mjs)$/.test(target) || roomOf(target) === undefined;
  if (isPackage) {
    if (room.packages === undefined) return undefined;
    const known = room.packages.some(
      (name) => within(target, name) || (name.endsWith(":") && target.startsWith(name)),
    );
    return known ? undefined : `${from} may import only the packages ${room.packages.join(", ")}`;
  }
  if (roomOf(target) === from) return undefined;
  if (room.may.some((entry) => covers(entry, target))) return undefined;
  if (room.types?.some((entry) => covers(entry, target)))
    return typeOnly ? undefined : `${from} may import ${roomOf(target)} by \`import type\` only`;
  return `${from} may not import ${roomOf(target)}`;
}

interface Importing {
  source?: { value?: unknown } | null;
  importKind?: string;
  exportKind?: string;
}

export const importDirection: Rule.RuleModule = {
  meta: { type: "problem", schema: [], messages: { wrong: "{{why}} (see scripts/lint/import-table.ts)." } },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join("/");
    const check = (node: Rule.Node) => {
      const { source, importKind, exportKind } = node as unknown as Importing;
      const name = source?.value;
      if (typeof name !== "string") return;
      let target = name.replace(/\?.*$/, "");
      if (target.startsWith(".")) target = posix.join(posix.dirname(file), target);
      else if (target.startsWith("#lib/")) target = target.replace("#lib/", "app/lib/");
      else if (target.startsWith("$app/") || target.startsWith("./$types")) return;
      if (/(^|\/)\$types(\.d\.ts|\.ts|\.js)?$/.test(target)) return;
      const why = refusal(file, target, (importKind ?? exportKind) === "type");
      if (why !== undefined) context.report({ node, messageId: "wrong", data: { why } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};
