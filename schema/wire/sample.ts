/** `POST /api/samples`: a team's sample project, fed by the simulated team, apart from its own. */
import type { ProjectRef } from "./http.ts";

/**
 * `running`: it is fed, here and now; `ended`: it was, for as long as a sample
 * lasts; `none`: this installation feeds no samples, whoever wants one runs
 * `clusterfork simulate`.
 */
export const FEEDINGS = ["running", "ended", "none"] as const;
export type Feeding = (typeof FEEDINGS)[number];

/** 201 when it was made, 200 when it was there: a team has one. */
export interface SampleResponse {
  project: ProjectRef;
  feeding: Feeding;
  /** An ingest key for `clusterfork simulate`, shown this once; null where it is fed already or is older. */
  key: string | null;
}
