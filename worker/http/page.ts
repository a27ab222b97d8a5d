/** Pages of the dashboard: every address of the single-page app is its index.html. */
import type { HttpContext, Reply } from "./context.ts";

/**
 * Addresses of pages begin with a team's slug or a name of our own; neither
 * holds a dot or begins with an underscore. What does (`/_app/…`, `/robots.txt`,
 * `/.env`) names a file, and files that exist never reach the Worker.
 */
const FILE = /^\/(?:_|[^/]*\.)/;

export async function getPage(c: HttpContext): Promise<Reply> {
  if (FILE.test(c.req.path)) {
    return {
      code: "not_found",
      message:
        "There is no such file. If it belongs to a page that is open, reload the page: it is of an older version.",
    };
  }
  c.set("is_page", true);
  return c.env.ASSETS.fetch(new Request(new URL("/", c.req.url), c.req.raw));
}
