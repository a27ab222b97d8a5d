import { describe, expect, it } from "vitest";
import type { DeliveryInfo } from "../../../schema/wire/channel.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { SETTING_TABLE, type SettingNumbers } from "./headline.ts";

const said = (given: Partial<SettingNumbers>) =>
  headlineOf(SETTING_TABLE, { keys: null, links: null, channels: null, ...given });
const delivery = (outcome: DeliveryInfo["outcome"]): DeliveryInfo => ({
  ...{ id: "d", seq: 1, attempts: 1, error: null, outcome },
  ...{ at: "2026-01-01T00:00:00Z", next_at: null },
});
const channel = (name: string, outcome: DeliveryInfo["outcome"]) => ({
  name,
  deliveries: [delivery(outcome)],
});

describe("the sentence of the settings", () => {
  it("counts what works, what is open, and whom alerts reach", () => {
    expect(textOf(said({ keys: 2, links: 0, channels: [channel("Rota", "delivered")] }))).toBe(
      "Two keys work.",
    );
    expect(textOf(said({ keys: 1, links: 1, channels: [] }))).toBe(
      "One key works. One link is open to people without an account. Alerts are shown here alone.",
    );
    expect(textOf(said({ keys: 0, links: 3, channels: [] }))).toMatch(
      /^Nothing can send events: no key works\..* Three links are open/,
    );
  });
  it("begins with what fails", () => {
    const failing = channel("Night shift", "dead");
    expect(textOf(said({ keys: 2, channels: [failing] }))).toBe(
      "Alerts do not reach Night shift. Two keys work.",
    );
    expect(textOf(said({ keys: 2, channels: [failing, channel("Rota", "waiting"), failing] }))).toMatch(
      /^Alerts do not reach two channels\./,
    );
  });
  it("says nothing of what this reader may not see", () => {
    expect(textOf(said({}))).toBe("What holds for this project, and what you may change of it.");
  });
  it("leads from each number to its list", () => {
    const { parts } = said({ keys: 2, links: 1, channels: [] });
    expect(parts.flatMap(({ href }) => href ?? [])).toEqual(["#keys", "#share-links", "#channels"]);
  });
});
