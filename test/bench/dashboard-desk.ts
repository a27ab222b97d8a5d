/** Where the parts of `dashboard.ts` sit: a browser that kept nothing, signed in, and the Task Flow in it. */
import type { Browser, CDPSession, Page } from "playwright-core";
import { lendSession, type Account } from "../e2e/account.ts";
import { visit, type Visitor } from "../e2e/visitor.ts";

export interface Desk extends Visitor {
  cdp: CDPSession;
}

export type Report = (what: string, unit: string, runs: number[], at_most?: number) => void;
export type Say = (line: string) => void;

export async function openDesk(browser: Browser, url: string, account: Account): Promise<Desk> {
  const desk = await visit(browser);
  await lendSession(desk.context, url, account);
  return { ...desk, cdp: await desk.context.newCDPSession(desk.page) };
}

export async function openGraph(page: Page, account: Account, query: string): Promise<void> {
  await page.goto(`${account.path}/flow?${query}`);
  await page.getByRole("tree").waitFor();
  await page.getByRole("treeitem").first().waitFor();
  await page.waitForTimeout(2_000);
}
