import { expect, it } from "vitest";
import { readQuery } from "../../../schema/wire/query-text.ts";
import { eventsQuery } from "./events.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const read = (query: string) => readQuery(new URLSearchParams(query), NOW_MS);

it("asks for the events of a metric in the window and of whom the page shows", () => {
  const hostile = `<img src=x>&"=,`;
  const found = read(eventsQuery("tokens_used", { window: "24h", filter: { agent: hostile, kind: "bug" } }));
  expect(found).toMatchObject({
    ok: true,
    value: {
      from: NOW_MS - 86_400_000,
      to: null,
      where: [
        { field: "event_type", op: "eq", values: ["tokens_used"] },
        { field: "agent_id", op: "eq", values: [hostile] },
      ],
    },
  });
});

it("asks for a step without the first moment of the next", () => {
  const found = read(
    eventsQuery("tokens_used", { window: "all", filter: {} }, { from_ms: NOW_MS, to_ms: NOW_MS + 1_000 }),
  );
  expect(found).toMatchObject({ ok: true, value: { from: NOW_MS, to: NOW_MS + 999 } });
});
