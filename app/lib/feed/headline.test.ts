import { expect, it } from "vitest";
import { headlineOf, textOf } from "../headline/headline.ts";
import { LOG_TABLE, type LogNumbers } from "./headline.ts";

const said = (given: Partial<LogNumbers>) =>
  headlineOf(LOG_TABLE, {
    ...{ events: 1_234, until: null, cut: null, silent: null, pace: null, newest_href: "?event=9" },
    ...given,
  });

it.each<[Partial<LogNumbers>, string]>([
  [{ events: 0, pace: 0 }, "No events yet."],
  [{ events: 1, pace: 1 }, "1 event, 1 in the last minute."],
  [{ pace: 0 }, "1,234 events, none in the last minute."],
  [{ pace: null }, "1,234 events."],
  [{ pace: 0, silent: "12 Jan" }, "1,234 events, none since 12 Jan."],
  [{ cut: "14:02:11", silent: "12 Jan" }, "1,234 events until 14:02:11; the stream is cut."],
  [{ until: "3 Feb 09:00:00", cut: "14:02:11" }, "1,234 events until 3 Feb 09:00:00."],
])("of a log with %o it says: %s", (given, sentence) => {
  expect(textOf(said(given))).toBe(sentence);
});

it("leads to the last event of a log that went silent", () => {
  expect(said({ silent: "12 Jan" }).parts.flatMap(({ href }) => href ?? [])).toEqual(["?event=9"]);
});
