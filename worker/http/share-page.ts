/**
 * `GET /s/<token>`: the page of a share link. It is the dashboard's one page; what makes it a link's own is
 * said to machines: not to be indexed or kept, no address to pass on, and a preview (share-preview.ts).
 */
import { askedPage } from "../../schema/wire/share-page.ts";
import { openDatabase } from "../account/database.ts";
import { verifyShareTag } from "../account/share-text.ts";
import { findShare } from "../account/shares.ts";
import { openRoom } from "./access.ts";
import type { HttpContext, Reply } from "./context.ts";
import { ownOrigins } from "./security.ts";
import { previewTags, previewTitle, type Preview } from "./share-preview.ts";

export async function getSharePage(c: HttpContext): Promise<Reply> {
  const preview = await look(c, c.req.param("token") ?? "");
  // Without the client's conditions: a 304 would leave an older page in place.
  const page = await c.env.ASSETS.fetch(new Request(new URL("/", c.req.url)));
  if (!page.ok) throw new Error(`the dashboard's page answered ${page.status}`);
  const html = (await page.text())
    .replace(/<title>[^<]*<\/title>/, () => `<title>${previewTitle(preview)}</title>`)
    .replace("</head>", () => `${previewTags(preview, ownOrigins(c).origin)}</head>`);
  c.set("is_page", true);
  const headers = new Headers(page.headers);
  headers.delete("ETag");
  headers.delete("Content-Length");
  headers.set("X-Robots-Tag", "noindex, nofollow, noarchive");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cache-Control", "private, no-store");
  return new Response(html, { status: preview.kind === "ended" ? 404 : 200, headers });
}

/** A link that asks for a passphrase is no ended one: its page asks for it. */
async function look(c: HttpContext, token: string): Promise<Preview> {
  const share = verifyShareTag(c.env.KEY_SECRET, token);
  if (share === null || share.unlocked_until_ms !== null) return { kind: "ended" };
  const { project_id, ...link } = share;
  const admitted = await openRoom(c, project_id).admit({ kind: "share", ...link, through: ["flow"] }, "read");
  if (!admitted.ok) {
    const is_open = admitted.reason === "passphrase_needed" || admitted.reason === "rate_limited";
    return { kind: is_open ? "locked" : "ended" };
  }
  try {
    const found = await findShare(openDatabase(c.env.DB), project_id, link.share_id);
    if (found === null || found.passphrase_hash !== null) return { kind: "locked" };
    const { name, views, redactions, expires_at } = found.share;
    const page = askedPage(new URL(c.req.url).searchParams, views, redactions);
    return { kind: "open", name, team: found.team, views, expires_at, page };
  } catch (error) {
    // The page needs no database, and says by itself what is amiss.
    console.error("a share link has no preview of its own now", error);
    return { kind: "locked" };
  }
}
