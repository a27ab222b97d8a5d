/** `GET …/features` and `GET …/features/:id`. */
import { FEATURE_STATUSES } from "../../schema/state/entity/feature.ts";
import type { FeatureResponse, FeaturesResponse } from "../../schema/wire/http.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { choiceParameter, parseQuery } from "./query.ts";
import { readWireState } from "./state.ts";
import { wholeEntity, wholeTasks } from "./whole.ts";

export async function getFeatures(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, { status: choiceParameter(FEATURE_STATUSES).optional() });
  if (!query.ok) return query.failure;
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const { status } = query.value;
  const features = [...read.state.open_features, ...read.state.closed_features].filter(
    (feature) => status === undefined || status.includes(feature.status),
  );
  return Response.json({ features } satisfies FeaturesResponse);
}

export async function getFeature(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, {});
  if (!query.ok) return query.failure;
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const id = c.req.param("id") ?? "";
  const { open_features, closed_features, counters } = read.state;
  const hot = [...open_features, ...closed_features].find((candidate) => candidate.id === id);
  const found = await wholeEntity(c, access, "feature", id, hot, counters.forgotten_features);
  if (!("ok" in found)) return found;
  const feature = found.entity;
  if (feature === null) {
    return {
      code: "not_found",
      message:
        "There is no such feature. GET …/features lists those of the live state, …/history/features all.",
    };
  }
  const tasks = await wholeTasks(c, access, id, read.state);
  return Response.json({ feature, tasks } satisfies FeatureResponse);
}
