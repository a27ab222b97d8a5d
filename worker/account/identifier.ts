/** Ids of what Clusterfork itself creates, drawn from the platform's cryptographic random source. */

const LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
const MIXED = `${LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

/** `length` characters of `alphabet`, each equally likely: bytes beyond the last whole multiple are drawn again. */
function draw(length: number, alphabet: string): string {
  const fair = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < fair && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

export const newProjectId = (): string => `p${draw(15, LOWER)}`;
export const newKeyId = (): string => draw(12, LOWER);
/** 32 of 62 characters: 190 bits, so a plain SHA-256 of it needs no salt. */
export const newKeySecret = (): string => draw(32, MIXED);
/** Rows of better-auth's tables: its own ids have this shape too. */
export const newRowId = (): string => draw(32, MIXED);
/** Of a lesson that is taught over the API: 62 bits, within one project. */
export const newLessonId = (): string => `l${draw(12, LOWER)}`;
export const newBudgetId = (): string => `b${draw(11, LOWER)}`;
