/** Where the pages of a share link are. */
import type { ShareView } from "../../../schema/state/share-view.ts";
import type { Redaction } from "../../../schema/wire/share.ts";
import { askedPage, type SharedPage } from "../../../schema/wire/share-page.ts";

export { pagesOf, type SharedPage } from "../../../schema/wire/share-page.ts";

export const pageAt = (
  query: Pick<URLSearchParams, "get">,
  views: readonly ShareView[],
  redactions: readonly Redaction[] = [],
): SharedPage["id"] => askedPage(query, views, redactions)?.id ?? "flow";

/** The moment on screen stays; what belongs to a page's own selection does not. */
export function pageHref(path: string, id: SharedPage["id"]): string {
  return id === "flow" ? path : `${path}?page=${id}`;
}
