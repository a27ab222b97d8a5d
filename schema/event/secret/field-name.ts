/**
 * Which names say that their value is a secret. Names are read as words, in any
 * spelling (`clientSecret`, `CLIENT_SECRET`, `client-secret`), and the last word
 * decides: `api_key` is secret, `api_key_id` and `key_count` are not.
 */

/** `always`: the value is secret whatever it is. `likely`: it is when it looks random. */
export type Secrecy = "always" | "likely" | "no";

/** Longest name considered: beyond this it is text, not a name. */
export const MAX_NAME_CHARS = 96;

const ALWAYS = new Set(
  `password passwd passphrase passcode passwort pwd secret authorization cookie apikey apisecret apitoken authtoken
   authkey accesstoken refreshtoken bearertoken sessiontoken idtoken secretkey secretaccesskey privatekey clientsecret
   accesskey signingkey encryptionkey accountkey sharedaccesskey masterkey servicekey webhooksecret appsecret sharedsecret
   dbpassword userpassword sshkey deploykey rootpassword connectionstring`.split(/\s+/),
);
const LIKELY = new Set([
  "token",
  "secrets",
  "passwords",
  "credential",
  "credentials",
  "auth",
  "jwt",
  "cookies",
]);

/** `<word> key` that opens something. A public, primary, cache or idempotency key does not. */
const KEY_OF = new Set(
  "api access secret private signing encryption auth account sharedaccess master service ssh deploy license app server client admin webhook role anon hmac aes rsa crypto decryption jwt".split(
    " ",
  ),
);
/** `<word> token` that opens something. */
const TOKEN_OF = new Set(
  `access refresh id auth api bearer session csrf xsrf secret bot security oauth oauth2 personal private github gh gitlab npm
   slack hf vault app user client device registration deploy service account jwt login web push admin agent ci bitbucket
   cloudflare vercel telegram discord notion linear figma sentry`.split(/\s+/),
);
/** `<word> token` that counts, pages or parses. */
const TOKEN_NOT = new Set(
  `next page continuation sync cursor eos bos pad unk mask sep cls stop start first last per cancellation cost price max min
   num count total input output cached reasoning special design current prev previous lookahead each single one bad
   unexpected invalid`.split(/\s+/),
);
/** Words after the secret one that say how it is written, not what it is. */
const FORM = new Set([
  "value",
  "raw",
  "plain",
  "plaintext",
  "base64",
  "b64",
  "hash",
  "hashed",
  "encrypted",
  "pem",
  "header",
]);

/** How such a name can end: one cheap test before the name is taken apart. */
const TAIL =
  /(?:passw(?:or[dt]|d)|pwd|passphrase|passcode|secrets?|authorization|cookies?|key|token|string|passwords|credentials?|auth|jwt|value|raw|text|plain|64|hash(?:ed)?|encrypted|pem|header|\d)[^a-z0-9]*$/i;

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

export function secrecyOf(name: string): Secrecy {
  if (name.length > MAX_NAME_CHARS) return "no";
  if (!TAIL.test(name)) return "no";
  const words = wordsOf(name);
  while (words.length > 1 && (FORM.has(words.at(-1) ?? "") || /^\d+$/.test(words.at(-1) ?? ""))) words.pop();
  const last = (words.at(-1) ?? "").replace(/\d+$/, "");
  const before = words.at(-2) ?? "";
  if (ALWAYS.has(last)) return "always";
  if (last === "key") return KEY_OF.has(before) ? "always" : "no";
  if (last === "string") return before === "connection" ? "likely" : "no";
  if (last === "token" && TOKEN_OF.has(before)) return "always";
  if (last === "token" && TOKEN_NOT.has(before)) return "no";
  return LIKELY.has(last) ? "likely" : "no";
}

/**
 * Whether a field of this name always holds a secret: `password`, `apiKey`,
 * `set-cookie`, `GITHUB_TOKEN`. Not `input_tokens`, `secret_name`, `token`.
 */
export function isSecretFieldName(name: string): boolean {
  return secrecyOf(name) === "always";
}

/** `aws_account_id`, `accountId`: the names under which twelve digits are an AWS account. */
export function isAwsAccountName(name: string): boolean {
  return /^(?:aws_?account(?:_?id)?|account_?id)$/i.test(name.replaceAll("-", "_"));
}
