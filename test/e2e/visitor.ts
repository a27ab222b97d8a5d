import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** Far above what any step takes; below the limit of a test, so that the step that failed is named. */
const STEP_TIMEOUT_MS = 15_000;

/** A page under watch: whatever a browser complains of is kept, and a test expects none of it. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Errors and warnings of the console, uncaught errors, broken policies, dialogs, requests that failed on the server. */
  complaints: string[];
}

/** A new person: nothing of earlier visits, one page. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  const complaints: string[] = [];
  await context.exposeFunction("complain", (text: string) => void complaints.push(text));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => {
      const report: unknown = Reflect.get(window, "complain");
      if (typeof report === "function") report(`policy: ${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`answer: ${response.status()} ${response.url()}`);
  });
  return { context, page, complaints };
}

/** A mark that a reload would wipe away. */
export const markPage = (page: Page) => page.evaluate(() => Reflect.set(window, "not_reloaded", true));
export const isStillMarked = (page: Page) =>
  page.evaluate(() => Reflect.get(window, "not_reloaded") === true);
