/**
 * `GET /s/<token>`: the page of a share link. It is the dashboard's one page; what makes it a link's own is
 * said to machines: not to be indexed or kept, no address to pass on, and a preview that tells nothing of
 * the project, because chats keep previews where no revocation reaches them.
 */
import { verifyShareTag } from "../account/share-text.ts";
import { openRoom } from "./access.ts";
import type { HttpContext, Reply } from "./context.ts";

const PREVIEW = {
  open: {
    title: "Clusterfork · shared Task Flow",
    description: "A live, read-only view of a team of software agents at work.",
  },
  ended: {
    title: "Clusterfork · link ended",
    description: "This link has ended or never existed. Ask whoever sent it.",
  },
} as const;

export async function getSharePage(c: HttpContext): Promise<Reply> {
  const is_open = await isOpen(c, c.req.param("token") ?? "");
  // Without the client's conditions: a 304 would leave an older page in place.
  const page = await c.env.ASSETS.fetch(new Request(new URL("/", c.req.url)));
  if (!page.ok) throw new Error(`the dashboard's page answered ${page.status}`);
  const html = (await page.text()).replace("</head>", () => `${headOf(is_open ? "open" : "ended")}</head>`);
  c.set("is_page", true);
  const headers = new Headers(page.headers);
  headers.delete("ETag");
  headers.delete("Content-Length");
  headers.set("X-Robots-Tag", "noindex, nofollow, noarchive");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cache-Control", "private, no-store");
  return new Response(html, { status: is_open ? 200 : 404, headers });
}

/** A link that asks for a passphrase is open: its page asks for it. */
async function isOpen(c: HttpContext, token: string): Promise<boolean> {
  const share = verifyShareTag(c.env.KEY_SECRET, token);
  if (share === null || share.unlocked_until_ms !== null) return false;
  const { project_id, ...link } = share;
  const admitted = await openRoom(c, project_id).admit({ kind: "share", ...link, through: ["flow"] }, "read");
  return admitted.ok || admitted.reason === "passphrase_needed" || admitted.reason === "rate_limited";
}

function headOf(kind: keyof typeof PREVIEW): string {
  const { title, description } = PREVIEW[kind];
  return [
    `<meta name="robots" content="noindex, nofollow, noarchive">`,
    `<meta name="description" content="${description}">`,
    `<meta property="og:type" content="website">`,
    `<meta property="og:site_name" content="Clusterfork">`,
    `<meta property="og:title" content="${title}">`,
    `<meta property="og:description" content="${description}">`,
    `<meta name="twitter:card" content="summary">`,
  ].join("");
}
