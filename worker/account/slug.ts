/** Slugs: the parts of a page address that name a team and a project. */

/** Long enough for any name people read out, short enough for an address. */
const MAX_SLUG_CHARACTERS = 40;

/** A collision needs two names alike at the same moment; a third round has never been needed. */
export const MAX_SLUG_ROUNDS = 5;

/**
 * First path parts that the product uses itself (DESIGN §7), and the views of a
 * project, so that no address can mean two things now or when a view moves up.
 */
const RESERVED = new Set([
  ..."api v1 s join start sign-in sign-up sign-out settings healthz".split(" "),
  ..."executive flow agents memory metrics reports explore alerts budgets board members".split(" "),
  ..."app assets docs help about login logout admin new static favicon robots".split(" "),
]);

/** `Größe & Söhne GmbH` → `grosse-sohne-gmbh`. `fallback` where nothing of the name can stand in an address. */
export function slugify(name: string, fallback: string): string {
  const slug = name
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG_CHARACTERS)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? fallback : slug;
}

/** The slug itself if it is free, else the first free of `slug-2`, `slug-3`, … */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  let candidate = slug;
  for (let suffix = 2; taken.has(candidate) || RESERVED.has(candidate); suffix++) {
    candidate = `${slug}-${suffix}`;
  }
  return candidate;
}
