/** Where a program's events go, and as whose. */
export interface Target {
  url: string;
  key: string;
  source: string;
  fetch: typeof fetch;
}
