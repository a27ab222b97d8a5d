import { handOver } from "./bootstrap/hand-over.mjs";
import { install } from "./bootstrap/install.mjs";
import { run } from "./bootstrap/say.mjs";

await run(async () => {
  install();
  return handOver("scripts/screenshots.ts", process.argv.slice(2), { server: true });
});
