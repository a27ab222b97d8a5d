#!/usr/bin/env node
// The bundle is made by `npm run build` (and by `npm start`); the published package carries it.
import { existsSync } from "node:fs";

const bundle = new URL("../dist/clusterfork.js", import.meta.url);
if (existsSync(bundle)) {
  await import(bundle.href);
} else {
  console.error("clusterfork is not built yet. Run `npm run build` in the repository first.");
  process.exitCode = 1;
}
