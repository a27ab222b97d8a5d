/** Checks of the work: tests, lint, coverage, integration, bugs. */
import {
  anyNumber,
  count,
  duration_ms,
  eventType,
  flag,
  label,
  labels,
  name,
  percent,
  prose,
  structure,
  text,
  title,
} from "../field.ts";

const check = {
  name: text(label),
  suite: text(label),
  tool: structure(label),
  /** How it is known: `exit_code`, `report`, or `output` where only text was matched. */
  evidence: structure(label),
  commit: structure(label),
  branch: name(label),
  files: name(labels),
  message: text(prose),
  url: text(prose),
};
const results = {
  passed: structure(count),
  failed: structure(count),
  skipped: structure(count),
  duration_ms,
};
const problems = { errors: structure(count), warnings: structure(count), duration_ms };
const coverage = {
  coverage_percent: structure(percent),
  previous_percent: structure(percent),
  delta_percent: structure(anyNumber),
  /** That it is of: several suites are weighted by it. */
  lines: structure(count),
};

export const quality = {
  test_passed: eventType("Tests ran and passed.", check, results),
  test_failed: eventType(
    "Tests ran and failed.",
    { ...check, error: text(prose), flaky: structure(flag) },
    results,
  ),
  lint_passed: eventType("Lint found nothing.", check, problems),
  lint_error_found: eventType(
    "Lint found errors.",
    { ...check, rule: structure(label), rules: structure(labels) },
    problems,
  ),
  coverage_measured: eventType("Coverage is known.", check, coverage),
  coverage_increased: eventType("Coverage rose.", check, coverage),
  integration_passed: eventType("The tests after a merge passed.", check, results),
  integration_failed: eventType("The tests after a merge failed.", { ...check, error: text(prose) }, results),
  bug_reported: eventType("A bug was found.", {
    title: title(label),
    description: text(prose),
    severity: structure(label),
    /** The task or feature that brought it in. */
    caused_by: structure(label),
    commit: structure(label),
    files: name(labels),
    /** Where it was found: `review`, `integration`, `production`, … */
    found_in: structure(label),
    url: text(prose),
  }),
};
