/** The log's columns as a link may read them: those that hold nothing hidden; for the others it is sent to the log, which it sees through its lens. */
import type { ColumnsAsk, ColumnsPage, FieldsReply } from "../../schema/column/page.ts";
import type { Lens } from "../share/lens.ts";
import { isPlain, isShown } from "../share/column.ts";

/** As the page of columns says it (schema/column/page.ts). */
const IN_THE_LOG_ALONE = new Uint8Array(0);

export function sharedColumns(
  ask: ColumnsAsk,
  { scope: { policy } }: Pick<Lens, "scope">,
  read: (ask: ColumnsAsk) => ColumnsPage,
): ColumnsPage {
  const plain = ask.fields.filter((field) => isPlain(field, policy));
  const page = read({ ...ask, fields: plain });
  const place = new Map(plain.map((field, index) => [field, index]));
  return {
    ...page,
    segments: page.segments.map((segment) => ({
      ...segment,
      columns: ask.fields.map((field) => {
        const index = place.get(field);
        return index === undefined ? IN_THE_LOG_ALONE : (segment.columns[index] ?? null);
      }),
    })),
  };
}

export function sharedFields(reply: FieldsReply, { scope: { policy } }: Pick<Lens, "scope">): FieldsReply {
  return { ...reply, fields: reply.fields.filter((field) => isShown(field, policy)) };
}
