/**
 * What chats, search engines and the like are told of a share link's page, as tags of its head. An open link says
 * what its visitor would see named: the page, the link's name, the team, what is seen, until when. No figure and nothing from
 * the log: chats keep previews where no revocation reaches them. A link that asks for a passphrase, and one that
 * has ended, say nothing of their own. Never the token: there is no `og:url`.
 */
import type { SharedPage } from "../../schema/wire/share-page.ts";
import type { ShareView } from "../../schema/state/share-view.ts";

export type Preview =
  | {
      kind: "open";
      name: string;
      team: string;
      views: readonly ShareView[];
      expires_at: string | null;
      /** Which of its pages the address opens; null: the link's own. */
      page: SharedPage | null;
    }
  | { kind: "locked" | "ended" };

/** Chats cut a title after some 70 characters, and a description after some 200. */
const MAX_TITLE = 70;
const MAX_DESCRIPTION = 200;
const IMAGE = { path: "/share-card.png", width: 1_200, height: 630 };

const SEEN: Record<ShareView, string> = {
  flow: "the task flow",
  metrics: "metrics",
  events: "every event",
  history: "the past",
};

export function previewTags(preview: Preview, origin: string): string {
  const { title, description } = wordsOf(preview);
  const meta = (attribute: "name" | "property", name: string, content: string) =>
    `<meta ${attribute}="${name}" content="${escaped(content)}">`;
  return [
    meta("name", "robots", "noindex, nofollow, noarchive"),
    meta("name", "description", description),
    meta("property", "og:type", "website"),
    meta("property", "og:site_name", "Clusterfork"),
    meta("property", "og:title", title),
    meta("property", "og:description", description),
    meta("property", "og:image", origin + IMAGE.path),
    meta("property", "og:image:type", "image/png"),
    meta("property", "og:image:width", String(IMAGE.width)),
    meta("property", "og:image:height", String(IMAGE.height)),
    meta("property", "og:image:alt", "The Clusterfork Network: a team of software agents, seen live"),
    meta("name", "twitter:card", "summary_large_image"),
  ].join("");
}

/** For the page's own title, which the app takes over. */
export const previewTitle = (preview: Preview): string => escaped(wordsOf(preview).title);

function wordsOf(preview: Preview): { title: string; description: string } {
  switch (preview.kind) {
    case "open": {
      const { name, team, views, expires_at, page } = preview;
      const seen = page === null ? listOf(views) : page.shows;
      const until = expires_at === null ? "" : ` Until ${expires_at.slice(0, 10)}.`;
      return {
        title: cut([...(page === null ? [] : [page.name]), name, team].join(" · "), MAX_TITLE),
        description: cut(
          `A read-only view of a team of software agents at work: ${seen}.${until} Shared with Clusterfork.`,
          MAX_DESCRIPTION,
        ),
      };
    }
    case "locked":
      return {
        title: "Clusterfork · shared view",
        description: "A read-only view of a team of software agents at work. It asks for a passphrase.",
      };
    case "ended":
      return {
        title: "Clusterfork · link ended",
        description: "This link has ended or never existed. Ask whoever sent it.",
      };
  }
}

function listOf(views: readonly ShareView[]): string {
  const seen = views.map((view) => SEEN[view]);
  return seen.length < 2 ? seen.join() : `${seen.slice(0, -1).join(", ")} and ${seen.slice(-1).join()}`;
}

/** By characters, so that none is cut in half. */
function cut(text: string, max: number): string {
  const characters = Array.from(text);
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join("")}…`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
