import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import { defineConfig } from "eslint/config";
import ts from "typescript-eslint";
import { importDirection } from "./scripts/lint/import-direction.ts";

const house = { plugins: { house: { rules: { "import-direction": importDirection } } } };

export default defineConfig(
  { ignores: ["build/", "**/dist/", ".svelte-kit/", ".clusterfork/", ".wrangler/", "**/*.d.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.svelte"],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          "./tsconfig.json",
          "./worker/tsconfig.json",
          "./cli/tsconfig.json",
          "./scripts/tsconfig.json",
          "./test/tsconfig.json",
          "./test/e2e/tsconfig.json",
        ],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".svelte"],
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-expect-error": false, "ts-ignore": true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // Interfaces of ours are async where one implementation needs it and another does not.
      "@typescript-eslint/require-await": "off",
      // Numbers in messages are meant.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "no-undef": "off",
    },
  },
  ...svelte.configs.recommended,
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // Text from events is data, never markup (P2).
      "svelte/no-at-html-tags": "error",
      // The app lives at the root of its origin, and addresses are built in one place (session/place.ts).
      "svelte/no-navigation-without-resolve": "off",
    },
  },
  {
    // tsc knows the globals of each of them (scripts are checked with checkJs).
    files: ["**/*.{js,mjs,cjs}"],
    rules: { "no-undef": "off" },
  },
  { files: ["app/static/*.js"], languageOptions: { globals: { window: "readonly" } } },
  {
    files: ["**/*.{ts,svelte,js,mjs}"],
    ...house,
    linterOptions: { noInlineConfig: true },
    rules: {
      "house/import-direction": "error",
      eqeqeq: "error",
      "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"] }],
    },
  },
  {
    // Test frameworks hand out loosely typed bodies; a wrong one makes the test fail.
    files: ["**/*.test.ts", "test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
);
