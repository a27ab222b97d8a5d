/**
 * Made-up secrets for the tests, one generator per form. Put together at run
 * time, so that no file of the repository holds what a secret scanner would
 * take for one.
 */
import fc from "fast-check";

export interface Sample {
  rule: string;
  text: string;
  /** The part of the text that must not survive. */
  secret: string;
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const UPPER = LOWER.toUpperCase();
const ALNUM = LOWER + UPPER + DIGITS;
const HEX = "0123456789abcdef";

function of(alphabet: string, length: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });
}

/** Random characters with a letter and a digit for certain, as any real token of that length has. */
function mixed(alphabet: string, length: number): fc.Arbitrary<string> {
  return of(alphabet, length - 2).map((body) => `a7${body}`);
}

function token(rule: string, prefix: string, body: fc.Arbitrary<string>): fc.Arbitrary<Sample> {
  return body.map((text) => ({ rule, text: prefix + text, secret: text }));
}

function around(
  rule: string,
  before: string,
  secret: fc.Arbitrary<string>,
  after = "",
): fc.Arbitrary<Sample> {
  return secret.map((text) => ({ rule, text: before + text + after, secret: text }));
}

const a = (length: number) => mixed(ALNUM, length);
const d = (length: number) => mixed(`${ALNUM}_-`, length);
const h = (length: number) => mixed(HEX, length);

function pem(kind: string): fc.Arbitrary<Sample> {
  const edge = (word: string) => `-----${word} ${kind}PRIVATE ${"KEY"}-----`;
  return fc.array(mixed(`${ALNUM}+/`, 64), { minLength: 2, maxLength: 20 }).map((lines) => ({
    rule: "private-key",
    text: [edge("BEGIN"), ...lines, edge("END")].join("\n"),
    secret: lines[1] ?? "",
  }));
}

export const SAMPLES: Readonly<Record<string, fc.Arbitrary<Sample>>> = {
  "own key": fc
    .tuple(of(LOWER + DIGITS, 15), of(LOWER + DIGITS, 12), a(32), of(HEX, 24))
    .map(([project, id, secret, tag]) => ({
      rule: "clusterfork",
      text: ["cfk", `p${project}`, id, secret, tag].join("_"),
      secret,
    })),
  "share token": token("clusterfork", "cfs_", a(40)),
  anthropic: token("anthropic", "sk-ant-" + "api03-", d(95)),
  "openai project": token("openai", "sk-" + "proj-", d(120)),
  "openai service": token("openai", "sk-" + "svcacct-", d(60)),
  "openai old": fc
    .tuple(a(20), a(20))
    .map(([x, y]) => ({ rule: "openai", text: `sk-${x}T3Blbk${"FJ"}${y}`, secret: y })),
  deepseek: token("openai", "sk-", h(32)),
  openrouter: token("openrouter", "sk-or-" + "v1-", h(64)),
  groq: token("groq", "gsk" + "_", a(52)),
  xai: token("xai", "xai" + "-", a(80)),
  huggingface: token("huggingface", "hf" + "_", of(LOWER + UPPER, 34)),
  replicate: token("replicate", "r8" + "_", a(37)),
  gemini: token("google-api-key", "AI" + "za", d(35)),
  github: fc.constantFrom("p", "o", "u", "s", "r").chain((kind) => token("github", `gh${kind}_`, a(36))),
  "github fine-grained": token("github", "github_" + "pat_", mixed(`${ALNUM}_`, 82)),
  gitlab: token("gitlab", "glpat" + "-", d(20)),
  npm: token("npm", "npm" + "_", a(36)),
  pypi: token("pypi", "pypi-" + "AgE", d(150)),
  docker: token("docker", "dckr_" + "pat_", d(27)),
  "aws id": fc
    .constantFrom("AKIA", "ASIA", "AROA")
    .chain((p) => token("aws-access-key-id", p, of(UPPER + DIGITS, 16))),
  "aws secret": around("assigned-secret", "aws_secret_access_key = ", mixed(`${ALNUM}+/`, 40)),
  "aws account": around("aws-account-id", "AWS_ACCOUNT_ID=", of(DIGITS, 12)),
  "google client": token("google-oauth", "GOCS" + "PX-", d(28)),
  "google access": token("google-oauth", "ya29" + ".", d(120)),
  "azure client": fc
    .tuple(a(3), a(34))
    .map(([x, y]) => ({ rule: "azure-client-secret", text: `${x}8Q${"~"}${y}`, secret: y })),
  "azure storage": around(
    "assigned-secret",
    "AccountName=x;AccountKey=",
    mixed(`${ALNUM}+/`, 86).map((k) => `${k}==`),
    ";EndpointSuffix=core",
  ),
  digitalocean: token("digitalocean", "dop_" + "v1_", h(64)),
  vercel: token("vercel", "vc" + "p_", a(40)),
  supabase: token("supabase", "sb_" + "secret_", d(32)),
  databricks: token("databricks", "da" + "pi", h(32)),
  vault: token("hashicorp-vault", "hv" + "s.", d(95)),
  "1password service": token("1password", "ops_" + "ey", mixed(ALNUM, 200)),
  "1password key": fc
    .tuple(of(UPPER + DIGITS, 6), of(UPPER + DIGITS, 6), ...[1, 2, 3, 4].map(() => of(UPPER + DIGITS, 5)))
    .map((parts) => ({ rule: "1password", text: ["A3", ...parts].join("-"), secret: parts.join("-") })),
  slack: fc.constantFrom("b", "p", "a", "r").chain((kind) =>
    token(
      "slack",
      `xox${kind}-`,
      a(24).map((x) => `12345678901-${x}`),
    ),
  ),
  "slack app": token(
    "slack",
    "xapp" + "-",
    a(40).map((x) => `1-A012-345-${x}`),
  ),
  "slack webhook": around(
    "slack-webhook",
    "https://hooks.slack" + ".com/services/",
    a(24).map((x) => `T0AB/B0CD/${x}`),
  ),
  "discord webhook": around(
    "discord-webhook",
    "https://discord" + ".com/api/webhooks/",
    d(68).map((x) => `1234567890/${x}`),
  ),
  discord: fc
    .tuple(d(23), d(6), d(38))
    .map(([x, y, z]) => ({ rule: "discord", text: `M${x}.${y}.${z}`, secret: z })),
  telegram: fc
    .tuple(of("123456789", 10), d(33))
    .map(([id, x]) => ({ rule: "telegram", text: `${id}:${"AA"}${x}`, secret: x })),
  sendgrid: fc
    .tuple(d(22), d(43))
    .map(([x, y]) => ({ rule: "sendgrid", text: `S${"G"}.${x}.${y}`, secret: y })),
  shopify: token("shopify", "shp" + "at_", h(32)),
  stripe: token("stripe", "sk_" + "live_", a(24)),
  twilio: token("twilio", "S" + "K", h(32)),
  linear: token("linear", "lin_" + "api_", a(40)),
  notion: fc
    .tuple(of(DIGITS, 11), a(35))
    .map(([x, y]) => ({ rule: "notion", text: `nt${"n_"}${x}${y}`, secret: y })),
  figma: token("figma", "fig" + "d_", d(43)),
  grafana: token(
    "grafana",
    "gl" + "sa_",
    fc.tuple(a(32), of(HEX, 8)).map((x) => x.join("_")),
  ),
  "grafana cloud": token("grafana", "gl" + "c_", mixed(ALNUM, 80)),
  sentry: token("sentry", "sntry" + "s_", mixed(ALNUM, 80)),
  jwt: fc
    .tuple(d(30), d(60), d(43))
    .map(([x, y, z]) => ({ rule: "jwt", text: `ey${"J"}${x}.ey${"J"}${y}.${z}`, secret: y })),
  rsa: pem("RSA "),
  openssh: pem("OPENSSH "),
  pkcs8: pem(""),
  "database url": around("database-url", "postgres://" + "svc:", d(16), "@db.example.com/app"),
  "mongo url": around("database-url", "mongodb+srv://" + "svc:", d(16), "@c0.example.net/?x=1"),
  "basic auth": around("basic-auth", "https://" + "svc:", d(16), "@example.com/x"),
  "token in address": around("basic-auth", "https://", a(40), "@github.com/x/y.git"),
  "x-oauth-basic": around("basic-auth", "https://", h(40), ":x-oauth-basic@github.com/x/y.git"),
  bearer: around("assigned-secret", "Authorization: Bearer ", d(40)),
  "bearer alone": around("bearer-token", "sent with bearer ", d(40)),
  password: around("assigned-secret", "DB_PASSWORD=", d(12)),
  "quoted key": around("assigned-secret", '"api_key": "', a(12), '"'),
  npmrc: around("assigned-secret", "//registry.example.org/:_authToken=", d(36)),
  "client secret": around("assigned-secret", "clientSecret: '", a(20), "'"),
  "cookie header": around("assigned-secret", 'curl -H "Cookie: session=', a(30), '"'),
  "signed address": around("signed-url", "https://x.example/y?X-Amz-Signature=", h(64)),
  "shared access": around("signed-url", "https://x.example/y?sv=1&sig=", mixed(ALNUM, 44)),
};
