import { expect, it } from "vitest";
import { NOON_MS, play, type Step } from "../../test/replay/play.ts";
import { decodeState, encodeState } from "./encode.ts";
import { MAX_SOP_CHARS, MAX_SOPS } from "./limits.ts";
import { concerns } from "./sop.ts";

const adopted = (metadata: NonNullable<Step["metadata"]>): Step => ({ type: "sop_adopted", metadata });
const sops = (...steps: Step[]) => [...play(steps).sops.values()];

it("is what was adopted last under its id, whatever the versions are called", () => {
  const steps = [
    adopted({
      sop_id: "hand-over",
      version: "9",
      title: "Hand over",
      proposal: "Say what is done.",
      roles: ["coder"],
    }),
    adopted({ sop_id: "hand-over", version: "10", proposal: "Say what is missing.", kinds: ["bug", "bug"] }),
    adopted({ sop_id: "", proposal: "Small commits." }),
    { type: "sop_proposed", metadata: { sop_id: "hand-over", version: "11", proposal: "Nothing." } },
  ];
  expect(sops(...steps)).toEqual([
    {
      ...{
        id: "hand-over",
        version: "10",
        title: null,
        text: "Say what is missing.",
        roles: [],
        kinds: ["bug"],
      },
      ...{ agent_id: "coder-a", adopted_at: NOON_MS + 2_000, seq: 2 },
    },
    expect.objectContaining({ id: "sop-3", text: "Small commits." }),
  ]);
  const state = play(steps);
  expect(decodeState(encodeState(state)).sops).toEqual(state.sops);
});

it("is kept within bounds", () => {
  const many = Array.from({ length: MAX_SOPS + 5 }, (_, n) =>
    adopted({ sop_id: `s${String(n)}`, proposal: "x".repeat(9_000) }),
  );
  const kept = sops(...many);
  expect(kept).toHaveLength(MAX_SOPS);
  expect([kept[0]?.id, kept[0]?.text?.length]).toEqual(["s5", MAX_SOP_CHARS]);
});

it("is for whom and what it names, and for all where it names nobody", () => {
  const [all, coders, bugs] = sops(
    adopted({ sop_id: "all" }),
    adopted({ sop_id: "coders", roles: ["coder", "architect"] }),
    adopted({ sop_id: "bugs", roles: ["coder"], kinds: ["bug"] }),
  );
  if (all === undefined || coders === undefined || bugs === undefined) throw new Error("three were adopted");
  const of = (role: string | null, kind: string | null) =>
    [all, coders, bugs].map((sop) => concerns(sop, role, kind));
  expect(of(null, null)).toEqual([true, false, false]);
  expect(of("coder", "feature")).toEqual([true, true, false]);
  expect(of("coder", "bug")).toEqual([true, true, true]);
  expect(of("qa", "bug")).toEqual([true, false, false]);
});
