const TAKES_GZIP = /(?:^|,)\s*gzip\s*(?:$|,|;(?!\s*q=0(?:\.0*)?\s*(?:$|,)))/i;

/** What `Accept-Encoding` says. The runtime packs a reply whose `Content-Encoding` says that it is packed. */
export const takesGzip = (accept_encoding: string | null | undefined): boolean =>
  TAKES_GZIP.test(accept_encoding ?? "");
