/** How the way out of an installation says that it took nothing out (scripts/serve/outward.ts). */
export const NOT_SENT_HEADER = "clusterfork-not-sent";
export const NOT_SENT_INSIDE = "inside";

/** Where a language model is asked, of the base of its API; to it alone the way out leads inside. */
export const modelAddress = (base: URL): string => `${base.href.replace(/\/+$/, "")}/chat/completions`;

/** Null: it was sent. Else what is wrong and what to do. */
export function notSent(
  origin: string,
  reply: { headers: { get(name: string): string | null } },
): string | null {
  if (reply.headers.get(NOT_SENT_HEADER) !== NOT_SENT_INSIDE) return null;
  return `${origin} leads into a network: this installation sends to public addresses alone. Enter an address that the internet knows.`;
}
