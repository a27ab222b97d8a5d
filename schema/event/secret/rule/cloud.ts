/** Clouds, hosts, databases as services, vaults. */
import { ALNUM, BASE64, CAPITAL, DASH, DOT, HEX, TOKEN, WORD } from "../character.ts";
import { prefixed, type Rule } from "../rule.ts";

/** An Azure AD secret has three characters and a digit before `Q~`, 31 to 34 after. */
const AZURE_HEAD_CHARS = 4;
/** Azure's checked keys are 84 base64 characters with a signature of the service at 76 or 75. */
const AZURE_KEY_HEAD_CHARS = 76;

export const CLOUD_RULES: readonly Rule[] = [
  prefixed({
    name: "aws-access-key-id",
    finds: "AWS access key ids and the unique ids of their owners",
    prefixes: ["AKIA", "ASIA", "ABIA", "ACCA", "AGPA", "AIDA", "AROA", "AIPA", "ANPA", "ANVA", "A3T"],
    body: CAPITAL,
    min: 16,
    whole: true,
  }),
  prefixed({
    name: "aws-bedrock",
    finds: "Bedrock API keys",
    prefixes: ["ABSK"],
    body: BASE64,
    min: 100,
    whole: true,
  }),
  prefixed({
    name: "aws-session-token",
    finds: "AWS session tokens",
    prefixes: ["FwoGZXIvYXdz", "IQoJb3JpZ2luX2"],
    body: BASE64,
    min: 60,
  }),
  prefixed({
    name: "google-oauth",
    finds: "Google OAuth client secrets",
    prefixes: ["GOCSPX-"],
    body: TOKEN,
    min: 24,
  }),
  prefixed({
    name: "google-oauth",
    finds: "Google OAuth access tokens",
    prefixes: ["ya29."],
    body: TOKEN,
    min: 20,
    tail: TOKEN | DOT,
  }),
  prefixed({
    name: "google-oauth",
    finds: "Google OAuth refresh tokens",
    prefixes: ["1//0"],
    body: TOKEN,
    min: 40,
    whole: true,
  }),
  {
    name: "azure-client-secret",
    finds: "Microsoft Entra client secrets",
    anchors: ["Q~"],
    match(reader, at, after) {
      const start = at - AZURE_HEAD_CHARS;
      if (start < reader.free || !/^[A-Za-z0-9_~.]{3}\d$/.test(reader.text.slice(start, at)))
        return undefined;
      const tail = /^[A-Za-z0-9_~.-]{31,40}/.exec(reader.text.slice(after, after + 40));
      reader.steps += 40;
      return tail === null ? undefined : { start, end: after + tail[0].length };
    },
  },
  {
    name: "azure-key",
    finds:
      "Azure storage, Cosmos, search, functions, registry, DevOps keys: their signature within 84 characters",
    anchors: ["+ASt", "ACDb", "AzSe", "AzFu", "+ACR", "+ARm", "AZDO", "+AIo", "+AEh"],
    match(reader, at, after) {
      const start = reader.runStart(BASE64 | DASH, at, AZURE_KEY_HEAD_CHARS + 4);
      const end = reader.runEnd(BASE64, after);
      const head = at - start;
      // A key stands alone: in a longer run of base64 the signature is a coincidence.
      const alone = head >= 40 && head <= AZURE_KEY_HEAD_CHARS + 2;
      return alone && end - after >= 4 && end - after <= 12 ? { start, end } : undefined;
    },
  },
  prefixed({
    name: "cloudflare",
    finds: "Cloudflare tokens",
    prefixes: ["cfut_", "cfat_"],
    body: ALNUM,
    min: 40,
  }),
  prefixed({
    name: "cloudflare",
    finds: "Cloudflare origin CA keys",
    prefixes: ["v1.0-"],
    body: HEX | DASH,
    min: 120,
    whole: true,
  }),
  prefixed({
    name: "digitalocean",
    finds: "DigitalOcean tokens",
    prefixes: ["dop_v1_", "doo_v1_", "dor_v1_"],
    body: HEX,
    min: 40,
  }),
  prefixed({ name: "heroku", finds: "Heroku keys", prefixes: ["HRKU-"], body: TOKEN, min: 30 }),
  prefixed({
    name: "vercel",
    finds: "Vercel personal, integration, app and gateway tokens",
    prefixes: ["vcp_", "vci_", "vca_", "vcr_", "vck_"],
    body: ALNUM,
    min: 20,
  }),
  prefixed({ name: "netlify", finds: "Netlify tokens", prefixes: ["nfp_"], body: ALNUM, min: 36 }),
  prefixed({
    name: "fly",
    finds: "Fly.io tokens",
    prefixes: ["fm1r_", "fm1a_", "fm2_", "fo1_"],
    body: BASE64 | TOKEN,
    min: 40,
    whole: true,
  }),
  prefixed({ name: "render", finds: "Render keys", prefixes: ["rnd_"], body: ALNUM, min: 28, whole: true }),
  prefixed({ name: "supabase", finds: "Supabase access tokens", prefixes: ["sbp_"], body: WORD, min: 40 }),
  prefixed({
    name: "supabase",
    finds: "Supabase secret keys",
    prefixes: ["sb_secret_"],
    body: TOKEN,
    min: 20,
  }),
  prefixed({
    name: "planetscale",
    finds: "PlanetScale tokens and passwords",
    prefixes: ["pscale_tkn_", "pscale_pw_", "pscale_oauth_"],
    body: TOKEN | DOT,
    min: 30,
  }),
  prefixed({ name: "neon", finds: "Neon keys", prefixes: ["napi_"], body: ALNUM, min: 40 }),
  prefixed({
    name: "alibaba",
    finds: "Alibaba access key ids",
    prefixes: ["LTAI"],
    body: ALNUM,
    min: 16,
    whole: true,
    mixed: true,
  }),
  prefixed({
    name: "tencent",
    finds: "Tencent secret ids",
    prefixes: ["AKID"],
    body: ALNUM,
    min: 32,
    whole: true,
    mixed: true,
  }),
  prefixed({
    name: "databricks",
    finds: "Databricks personal access tokens",
    prefixes: ["dapi"],
    body: HEX,
    min: 32,
    tail: HEX | DASH,
    whole: true,
  }),
  prefixed({
    name: "hashicorp-vault",
    finds: "Vault service, batch and recovery tokens",
    prefixes: ["hvs.", "hvb.", "hvr."],
    body: TOKEN,
    min: 60,
    whole: true,
  }),
  prefixed({
    name: "doppler",
    finds: "Doppler tokens",
    prefixes: ["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."],
    body: TOKEN | DOT,
    min: 40,
    whole: true,
  }),
  prefixed({
    name: "1password",
    finds: "1Password service-account tokens",
    prefixes: ["ops_ey"],
    body: BASE64 | TOKEN,
    min: 60,
  }),
  {
    name: "1password",
    finds: "1Password secret keys: `A3-` and six groups",
    anchors: ["A3-"],
    match(reader, at) {
      if (!reader.startsToken(at)) return undefined;
      reader.steps += 48;
      const shape = /^A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}/;
      const found = shape.exec(reader.text.slice(at, at + 48));
      return found === null ? undefined : { start: at, end: at + found[0].length };
    },
  },
  prefixed({
    name: "tailscale",
    finds: "Tailscale keys",
    prefixes: ["tskey-"],
    body: TOKEN,
    min: 20,
    mixed: true,
  }),
];
