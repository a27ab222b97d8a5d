/**
 * What a form can know before it asks the server, which has the last word.
 * Each message says what to do.
 */

/** better-auth's own bounds; the server checks them again. */
export const MIN_PASSWORD_CHARS = 8;
export const MAX_PASSWORD_CHARS = 128;
/** As the server has it: what fits the switcher and a page title. */
export const MAX_NAME_CHARS = 80;

export type Errors<Field extends string> = Partial<Record<Field, string>>;

export function nameError(name: string, what: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed === "") return `Give the ${what} a name.`;
  if ([...trimmed].length > MAX_NAME_CHARS) return `Use ${MAX_NAME_CHARS} characters at most.`;
  if (!/[\p{L}\p{N}]/u.test(trimmed)) return "Use at least one letter or digit; the address is made from it.";
  return undefined;
}

export function emailError(email: string): string | undefined {
  const trimmed = email.trim();
  if (trimmed === "") return "Enter your email address.";
  // Only what is certainly wrong: the full grammar refuses addresses that work.
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(trimmed)) return "Enter an address like name@example.com.";
  return undefined;
}

export function passwordError(password: string): string | undefined {
  if (password === "") return "Enter a password.";
  if (password.length < MIN_PASSWORD_CHARS)
    return `Use at least ${MIN_PASSWORD_CHARS} characters; ${MIN_PASSWORD_CHARS - password.length} more to go.`;
  if (password.length > MAX_PASSWORD_CHARS) return `Use ${MAX_PASSWORD_CHARS} characters at most.`;
  return undefined;
}

/** Drops the fields without a complaint; null when nothing is left. */
export function collect<Field extends string>(
  errors: Record<Field, string | undefined>,
): Errors<Field> | null {
  const found = Object.entries(errors).filter(([, message]) => message !== undefined);
  return found.length === 0 ? null : (Object.fromEntries(found) as Errors<Field>);
}
