/** One feature with its tasks, as the server knows it now; null when it does not, or does not say. */
import type { FeatureResponse } from "../../schema/wire/http.ts";
import type { Connection } from "./connection.ts";
import { request, RequestError } from "./transport.ts";

export async function readFeature(connection: Connection, id: string): Promise<FeatureResponse | null> {
  try {
    const path = `/v1/features/${encodeURIComponent(id)}`;
    const response = await request(connection, path, {}, { maxTries: 3 });
    return (await response.json()) as FeatureResponse;
  } catch (error) {
    if (error instanceof RequestError) return null;
    throw error;
  }
}

/** Events that end a feature. */
export const CLOSING: ReadonlySet<string> = new Set([
  "feature_merged",
  "feature_completed",
  "feature_abandoned",
]);
