/** Chat, mail, payment, monitoring and planning services. */
import { ALNUM, BASE64, DASH, DIGIT, DOT, HEX, TOKEN, WORD } from "../character.ts";
import { prefixed, type Rule } from "../rule.ts";

/** A Telegram token is a bot's number of 8 to 10 digits, then `:A` and 34 characters. */
const TELEGRAM_MIN_DIGITS = 7;
const TELEGRAM_MAX_DIGITS = 12;
/** The middle part of a Discord token, a time in base64. */
const DISCORD_MIDDLE_CHARS = 6;
/** `pat` and the id of an Airtable token. */
const AIRTABLE_HEAD_CHARS = 17;

export const SERVICE_RULES: readonly Rule[] = [
  prefixed({
    name: "slack",
    finds: "Slack bot, user, app, legacy, refresh and configuration tokens",
    prefixes: [
      "xoxb-",
      "xoxp-",
      "xoxa-",
      "xoxo-",
      "xoxr-",
      "xoxs-",
      "xoxc-",
      "xoxd-",
      "xoxe-",
      "xoxe.",
      "xapp-",
    ],
    body: TOKEN | DOT,
    min: 14,
    mixed: true,
  }),
  prefixed({
    name: "sendgrid",
    finds: "SendGrid keys",
    prefixes: ["SG."],
    body: TOKEN | DOT,
    min: 40,
    whole: true,
    mixed: true,
  }),
  prefixed({
    name: "shopify",
    finds: "Shopify app, custom-app, private-app and shared-secret tokens",
    prefixes: ["shppa_", "shpca_", "shpat_", "shpss_", "shptka_"],
    body: ALNUM,
    min: 30,
  }),
  prefixed({
    name: "stripe",
    finds: "Stripe secret and restricted keys, live and test",
    prefixes: ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk_prod_", "rk_prod_"],
    body: WORD,
    min: 16,
  }),
  prefixed({
    name: "webhook-secret",
    finds: "Signing secrets of Stripe and Svix webhooks",
    prefixes: ["whsec_"],
    body: BASE64,
    min: 20,
  }),
  prefixed({
    name: "square",
    finds: "Square access tokens and secrets",
    prefixes: ["sq0atp-", "sq0csp-"],
    body: TOKEN,
    min: 20,
  }),
  prefixed({
    name: "plaid",
    finds: "Plaid access tokens",
    prefixes: ["access-production-", "access-development-", "access-sandbox-"],
    body: HEX | DASH,
    min: 36,
  }),
  {
    name: "braintree",
    finds: "Braintree access tokens: a merchant id, `$`, 32 hexadecimal digits",
    anchors: ["access_token$production$", "access_token$sandbox$"],
    match(reader, at, after) {
      const merchant = reader.runEnd(ALNUM, after);
      return reader.text[merchant] === "$"
        ? { start: at, end: reader.runEnd(ALNUM, merchant + 1) }
        : undefined;
    },
  },
  prefixed({
    name: "facebook",
    finds: "Facebook access tokens",
    prefixes: ["EAACEdEose0cBA"],
    body: ALNUM,
    min: 10,
  }),
  prefixed({ name: "twilio", finds: "Twilio API keys", prefixes: ["SK"], body: HEX, min: 32, whole: true }),
  prefixed({ name: "mailgun", finds: "Mailgun keys", prefixes: ["key-"], body: HEX, min: 32, whole: true }),
  prefixed({ name: "brevo", finds: "Brevo keys", prefixes: ["xkeysib-"], body: TOKEN, min: 40 }),
  prefixed({
    name: "resend",
    finds: "Resend keys",
    prefixes: ["re_"],
    body: WORD,
    min: 30,
    whole: true,
    mixed: true,
  }),
  prefixed({
    name: "linear",
    finds: "Linear keys and OAuth tokens",
    prefixes: ["lin_api_", "lin_oauth_"],
    body: WORD,
    min: 30,
  }),
  prefixed({ name: "notion", finds: "Notion integration tokens", prefixes: ["ntn_"], body: ALNUM, min: 36 }),
  prefixed({
    name: "notion",
    finds: "Notion integration tokens of the older form",
    prefixes: ["secret_"],
    body: ALNUM,
    min: 43,
    whole: true,
    mixed: true,
  }),
  prefixed({
    name: "figma",
    finds: "Figma personal, plan and OAuth tokens",
    prefixes: ["figd_", "figp_", "figu_", "figo_", "figoh_", "figor_"],
    body: TOKEN,
    min: 36,
  }),
  prefixed({ name: "grafana", finds: "Grafana Cloud tokens", prefixes: ["glc_"], body: BASE64, min: 32 }),
  prefixed({
    name: "grafana",
    finds: "Grafana service-account tokens",
    prefixes: ["glsa_"],
    body: WORD,
    min: 32,
  }),
  prefixed({
    name: "sentry",
    finds: "Sentry organisation and user tokens",
    prefixes: ["sntrys_", "sntryu_"],
    body: BASE64 | TOKEN,
    min: 40,
  }),
  prefixed({ name: "newrelic", finds: "New Relic keys", prefixes: ["NRAK-", "NRII-"], body: TOKEN, min: 26 }),
  prefixed({ name: "posthog", finds: "PostHog personal keys", prefixes: ["phx_"], body: ALNUM, min: 36 }),
  prefixed({ name: "contentful", finds: "Contentful tokens", prefixes: ["CFPAT-"], body: TOKEN, min: 40 }),
  prefixed({ name: "typeform", finds: "Typeform tokens", prefixes: ["tfp_"], body: TOKEN, min: 40 }),
  {
    name: "telegram",
    finds: "Telegram bot tokens",
    anchors: [":A"],
    match(reader, at, after) {
      const start = reader.runStart(DIGIT, at, TELEGRAM_MAX_DIGITS);
      if (at - start < TELEGRAM_MIN_DIGITS) return undefined;
      const end = reader.runEnd(TOKEN, after);
      return end - after >= 32 ? { start, end } : undefined;
    },
  },
  {
    name: "discord",
    finds: "Discord bot tokens: an id of 23 to 28 characters, six, 27 or more",
    anchors: ["."],
    near: (text, _at, after) => text.charCodeAt(after + DISCORD_MIDDLE_CHARS) === 46,
    match(reader, at, after) {
      const second = after + DISCORD_MIDDLE_CHARS;
      const start = reader.runStart(TOKEN, at, 30);
      if (at - start < 23 || at - start > 28 || !/[MNO]/.test(reader.text.charAt(start))) return undefined;
      if (reader.runEnd(TOKEN, after) !== second) return undefined;
      const end = reader.runEnd(TOKEN, second + 1);
      return end - second > 27 ? { start, end } : undefined;
    },
  },
  {
    name: "airtable",
    finds: "Airtable tokens: `pat`, 14 characters, 64 hexadecimal digits",
    anchors: ["."],
    near: (text, at) => at >= AIRTABLE_HEAD_CHARS && text.startsWith("pat", at - AIRTABLE_HEAD_CHARS),
    match(reader, at, after) {
      const start = at - AIRTABLE_HEAD_CHARS;
      if (start < reader.free) return undefined;
      const end = reader.runEnd(HEX, after);
      return end - after >= 60 ? { start, end } : undefined;
    },
  },
];
