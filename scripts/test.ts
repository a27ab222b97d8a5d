import { leash } from "./bootstrap/leash.ts";
import { run, Stop } from "./bootstrap/say.mjs";
import { build } from "./build/build.ts";
import { QUIET } from "./build/quiet.ts";
import { findBrowser, type Browser } from "./test/browser.ts";
import { runProjects } from "./test/run.ts";
import { closingLine, sum } from "./test/tally.ts";

/** Tests of the launchers and of the server need no page. */
const WITHOUT_BROWSER = ["serve", "dev", "deploy", "audit", "first-load"].map(
  (name) => `test/e2e/${name}.test.ts`,
);

leash();

/** `npm test [-- --no-browser] [filters]`: everything set up, then every suite, then one closing line. */
await run(async () => {
  const args = process.argv.slice(2);
  const noBrowser = args.includes("--no-browser");
  const filters = args.filter((arg) => arg !== "--no-browser");
  const browser: Browser | undefined = noBrowser ? undefined : await findBrowser();
  await build();
  const env = {
    ...QUIET,
    ...(browser && {
      CLUSTERFORK_CHROMIUM: browser.path,
      CLUSTERFORK_CHROMIUM_ARGS: browser.args.join(" "),
    }),
  };
  const first = await runProjects(["unit", "contract", "worker"], filters, env);
  // Without a browser a filter can only mean the suites that have run already.
  const pages =
    noBrowser && filters.length > 0
      ? []
      : [await runProjects(["e2e"], noBrowser ? WITHOUT_BROWSER : filters, env)];
  const total = sum([first, ...pages]);
  console.log(closingLine(total));
  if (total.passed + total.failed === 0) throw new Stop("No test ran. Check the filter.");
  return total.failed === 0 ? 0 : 1;
});
