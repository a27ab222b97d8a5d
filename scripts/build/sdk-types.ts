import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import ts from "typescript";
import { definitionOf } from "../../schema/event/taxonomy.ts";

/** Declarations of the SDK that mention this file are answered by a written-out one. */
const TAXONOMY_FILE = "taxonomy.d.ts";

/**
 * Writes the SDK's declarations into `out`: those of cli/sdk as the compiler emits them, and the
 * event types written out one by one, because a consumer has neither our schema nor zod.
 */
export function writeSdkTypes(root: string, out: string): void {
  const entries = ["node.ts", "web.ts", "langgraph.ts", "taxonomy.ts"].map((file) =>
    join(root, "cli/sdk", file),
  );
  const config = ts.readConfigFile(join(root, "cli/tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, join(root, "cli"));
  const program = ts.createProgram(entries, {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rewriteRelativeImportExtensions: true,
    outDir: join(root, "dist/never"),
  });
  const sdk = join(root, "cli/sdk/");
  const declarations = new Map<string, string>();
  program.emit(
    undefined,
    (_path, text, _mark, _error, sources) => {
      const source = sources?.[0]?.fileName;
      if (source === undefined || !source.startsWith(sdk)) return;
      const path = relative(sdk, source).replace(/\.ts$/, "");
      declarations.set(`${path}.d.ts`, withoutSource(text));
    },
    undefined,
    true,
  );
  declarations.set(TAXONOMY_FILE, eventMap(program, join(sdk, "taxonomy.ts")));
  for (const name of reachable(declarations, ["node.d.ts", "web.d.ts", "langgraph.d.ts"])) {
    const text = declarations.get(name);
    // What lies outside cli/sdk is not published: a consumer's compiler would find nothing there.
    if (text === undefined) throw new Error(`the SDK's types refer to ${name}, which is not part of it`);
    mkdirSync(join(out, dirname(name)), { recursive: true });
    writeFileSync(join(out, name), text);
  }
}

/** The declarations that a consumer's compiler comes across. */
function reachable(declarations: ReadonlyMap<string, string>, entries: string[]): Set<string> {
  const found = new Set(entries);
  // A Set's iteration goes on over what is added meanwhile.
  for (const name of found)
    for (const [, next] of (declarations.get(name) ?? "").matchAll(/from "(\.[\w/.-]+)\.js"/g))
      found.add(`${posix.join(posix.dirname(name), next ?? "")}.d.ts`);
  return found;
}

/** Declarations keep the `.ts` of our imports; what lies beside them is `.js`. */
function withoutSource(text: string): string {
  return text.replace(/(from "\.[\w/.-]+)\.ts"/g, '$1.js"');
}

/** `EventMap` with every field spelled out and every type's line of documentation. */
function eventMap(program: ts.Program, file: string): string {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  const [map] = symbol ? checker.getExportsOfModule(symbol).filter(({ name }) => name === "EventMap") : [];
  if (source === undefined || map === undefined) throw new Error("cli/sdk/taxonomy.ts must export EventMap");
  const fields = (type: ts.Type): string => {
    const parts = checker.getPropertiesOfType(type).map((field) => {
      const optional = (field.flags & ts.SymbolFlags.Optional) !== 0;
      const value = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(field, source));
      const text = checker.typeToString(value, source, ts.TypeFormatFlags.NoTruncation);
      return `      ${field.name}${optional ? "?" : ""}: ${text};`;
    });
    return parts.length === 0 ? "{}" : `{\n${parts.join("\n")}\n    }`;
  };
  const types = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(map)).map((event) => {
    const parts = checker
      .getPropertiesOfType(checker.getTypeOfSymbolAtLocation(event, source))
      .map((part) => {
        return `    ${part.name}: ${fields(checker.getTypeOfSymbolAtLocation(part, source))};`;
      });
    return `  /** ${definitionOf(event.name)?.about ?? ""} */\n  ${event.name}: {\n${parts.join("\n")}\n  };`;
  });
  return `/** The known event types, written out by scripts/build/sdk-types.ts from schema/event/taxonomy. */\nexport interface EventMap {\n${types.join("\n")}\n}\n`;
}
