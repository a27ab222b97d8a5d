/**
 * The known event types and what each may say. In the published package this
 * file's declarations are written out type by type (scripts/build/sdk-types.ts),
 * so that a consumer's compiler needs no zod.
 */
import type { MetadataOf, MetricsOf } from "../../schema/event/taxonomy.ts";
import type { SenderType } from "../../schema/event/type.ts";

export type EventMap = { [T in SenderType]: { metadata: MetadataOf<T>; metrics: MetricsOf<T> } };
