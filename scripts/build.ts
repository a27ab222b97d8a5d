import { leash } from "./bootstrap/leash.ts";
import { run } from "./bootstrap/say.mjs";
import { build } from "./build/build.ts";

leash();
await run(() => build(...process.argv.slice(2)));
