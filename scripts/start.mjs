import { handOver } from "./bootstrap/hand-over.mjs";
import { install } from "./bootstrap/install.mjs";
import { run } from "./bootstrap/say.mjs";
import { HELP, startOptions } from "./start/options.mjs";

await run(async () => {
  const options = startOptions(process.argv.slice(2));
  if (options === "help") return console.log(HELP);
  install();
  return handOver("scripts/serve.ts", [JSON.stringify(options)], { server: true });
});
