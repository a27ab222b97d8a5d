import { chromium, type Browser } from "playwright-core";

/** The browser that `npm test` found. Run alone (`npx vitest --project e2e`), it takes Debian's. */
export function launchBrowser(): Promise<Browser> {
  const args = (process.env.CLUSTERFORK_CHROMIUM_ARGS ?? "").split(" ").filter(Boolean);
  return chromium.launch({
    executablePath: process.env.CLUSTERFORK_CHROMIUM ?? "/usr/bin/chromium",
    // The sandbox of Chromium needs rights that containers and CI do not give; the pages are ours.
    args: [...args, "--no-sandbox"],
  });
}
