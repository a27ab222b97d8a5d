import { describe, expect, it } from "vitest";
import { askedPage, SHARED_PAGES } from "../../schema/wire/share-page.ts";
import { previewTags, previewTitle } from "./share-preview.ts";

const ORIGIN = "https://work.example";
const open = {
  kind: "open",
  name: "Sprint 7",
  team: "Gas Town",
  views: ["flow", "metrics"],
  expires_at: "2026-02-27T18:00:00.000Z",
  page: null,
} as const;
const contentOf = (tags: string, name: string) =>
  new RegExp(`(?:name|property)="${name}" content="([^"]*)"`).exec(tags)?.[1];

describe("a link's preview", () => {
  it("says what the visitor would see named", () => {
    const tags = previewTags(open, ORIGIN);
    expect(contentOf(tags, "og:title")).toBe("Sprint 7 · Gas Town");
    expect(contentOf(tags, "og:description")).toBe(
      "A read-only view of a team of software agents at work: the task flow and metrics. Until 2026-02-27. Shared with Clusterfork.",
    );
    expect(contentOf(tags, "description")).toBe(contentOf(tags, "og:description"));
    expect(contentOf(tags, "og:image")).toBe("https://work.example/share-card.png");
    expect(contentOf(tags, "robots")).toContain("noindex");
    expect(tags).not.toContain("og:url");
  });

  it.each(SHARED_PAGES)("names the page that the address opens: $id", ({ id, name, needs, shows }) => {
    const page = askedPage(new URLSearchParams({ page: id }), [needs]);
    const tags = previewTags({ ...open, page }, ORIGIN);
    expect(contentOf(tags, "og:title")).toBe(`${name} · Sprint 7 · Gas Town`);
    expect(contentOf(tags, "og:description")).toContain(`at work: ${shows}. Until`);
  });
  it("[T2] names no page that the link does not show, and none of costs where they are hidden", () => {
    const asked = (page: string, views: Parameters<typeof askedPage>[1], hidden: "cost"[] = []) =>
      askedPage(new URLSearchParams({ page, feature: "secret-plan" }), views, hidden);
    expect(asked("events", ["flow"])).toBeNull();
    expect(asked("budgets", ["metrics"], ["cost"])).toBeNull();
    expect(asked("__proto__", ["flow", "metrics", "events"])).toBeNull();
    const tags = previewTags({ ...open, page: asked("report", ["metrics"]) }, ORIGIN);
    expect(contentOf(tags, "og:title")).toBe("Report · Sprint 7 · Gas Town");
    expect(tags).not.toContain("secret-plan");
  });

  it("[P2] keeps names text, whatever stands in them", () => {
    const name = `"><script>alert('x')</script>&`;
    const tags = previewTags({ ...open, name }, ORIGIN);
    expect(tags).not.toContain("<script");
    expect(tags).toContain("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;");
    expect(previewTitle({ ...open, name })).not.toContain("<");
  });

  it("cuts what chats would cut, between characters", () => {
    const title = contentOf(previewTags({ ...open, name: "🦊".repeat(200) }, ORIGIN), "og:title") ?? "";
    expect(Array.from(title)).toHaveLength(70);
    expect(title.endsWith("🦊…")).toBe(true);
  });

  it.each(["locked", "ended"] as const)("[T2] says nothing of its own when it is %s", (kind) => {
    const tags = previewTags({ kind }, ORIGIN);
    for (const word of ["Sprint", "Gas Town", "metrics", "2026"]) expect(tags).not.toContain(word);
    expect(contentOf(tags, "og:title")).toContain("Clusterfork");
  });
});
