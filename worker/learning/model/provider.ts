/**
 * Who runs the model, as a log says it that all readers of a project may see: a vendor that everybody knows, by
 * OpenTelemetry's name (`gen_ai.provider.name`) where it has one, and so that its list price is found. Any other host
 * may be a name inside the operator's network, and is not told.
 */
const VENDORS: ReadonlyMap<string, string> = new Map([
  ["api.openai.com", "openai"],
  ["api.anthropic.com", "anthropic"],
  ["api.mistral.ai", "mistral_ai"],
  ["api.deepseek.com", "deepseek"],
  ["api.groq.com", "groq"],
  ["api.x.ai", "x_ai"],
  ["openrouter.ai", "openrouter"],
]);
export const SOME_PROVIDER = "language-model";

export const providerOf = (hostname: string): string => VENDORS.get(hostname) ?? SOME_PROVIDER;
