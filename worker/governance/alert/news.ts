/**
 * What began longer ago, ms, is no news: it was told when it began, or it is the history that an importer
 * brought, about which nobody wants to be woken.
 */
export const NEWS_MS = 24 * 3_600_000;
