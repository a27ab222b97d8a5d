/** How a feature went, as the server knows it now; null when it does not, or does not say. */
import type { FeatureReport } from "../../schema/wire/report.ts";
import type { Connection } from "./connection.ts";
import { request, RequestError } from "./transport.ts";

export const reportPath = (feature: string): string => `/v1/features/${encodeURIComponent(feature)}/report`;

export async function readReport(connection: Connection, feature: string): Promise<FeatureReport | null> {
  try {
    const response = await request(connection, reportPath(feature), {}, { maxTries: 3 });
    return (await response.json()) as FeatureReport;
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
