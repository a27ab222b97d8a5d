/** `gen_ai.evaluation.result`: what somebody, often a model, thinks of an output. */
import { numberOf, word } from "./attributes.ts";
import { keep } from "./content.ts";
import type { Scene } from "./scene.ts";
import type { Span, SpanEvent } from "./span.ts";
import type { Told } from "./told.ts";

export const EVALUATION = "gen_ai.evaluation.result";

const PASSED = /^(?:pass|passed|true|correct|good)$/i;
const FAILED = /^(?:fail|failed|false|incorrect|bad)$/i;

export function tellEvaluation(told: Told, span: Span, event: SpanEvent, scene: Scene): void {
  if (event.name !== EVALUATION) return;
  const { attributes } = event;
  const name = word(attributes.get("gen_ai.evaluation.name"));
  const verdict = word(attributes.get("gen_ai.evaluation.score.label")) ?? "";
  const explanation = word(attributes.get("gen_ai.evaluation.explanation"));
  const passed = PASSED.test(verdict);
  const judged = passed || FAILED.test(verdict);
  const type = judged ? (passed ? "test_passed" : "test_failed") : EVALUATION;
  told.event(
    `${span.trace_id}-${span.span_id}.evaluation.${name ?? ""}`,
    event.time_ms ?? span.end_ms,
    type,
    scene,
    {
      metadata: {
        name,
        suite: "evaluation",
        evidence: "evaluation",
        verdict: verdict === "" ? undefined : verdict,
        explanation: explanation === undefined ? undefined : keep(explanation, told.context),
      },
      // The verdict is about an answer, not about a suite of tests: it counts as one.
      metrics: { score: numberOf(attributes.get("gen_ai.evaluation.score.value")) },
    },
  );
}
