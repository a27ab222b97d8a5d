import { describe, expect, it } from "vitest";
import { isSecretFieldName } from "./field-name.ts";

describe("isSecretFieldName", () => {
  it.each(
    `password passwd PASSWORD user_password userPassword DB_PASSWORD2 passphrase secret client_secret clientSecret api_key apikey
     apiKey API-KEY x-api-key access_token accessToken refresh_token id_token authorization Authorization proxy-authorization
     cookie set-cookie Set-Cookie private_key privateKey AWS_SECRET_ACCESS_KEY secretAccessKey GITHUB_TOKEN bot_token
     _authToken signing_key webhookSecret password_hash headers.authorization`.split(/\s+/),
  )("[P1] %s is secret", (name) => {
    expect(isSecretFieldName(name)).toBe(true);
  });

  it.each(
    `input_tokens max_tokens token_count tokens token next_token page_token secret_name secretName password_field password_reset
     api_key_id key keys primary_key cache_key idempotency_key public_key key_id token_type author authority authorized cookie_policy
     tokenizer passed compass test_passed keyboard monkey secretary metadata.token_usage output_token_limit cost_per_token`.split(
      /\s+/,
    ),
  )("%s is not", (name) => {
    expect(isSecretFieldName(name)).toBe(false);
  });

  it("a name beyond all length is none", () => {
    expect(isSecretFieldName(`${"a".repeat(1_000_000)}_password`)).toBe(false);
  });
});
