/** `j` and `k`: the focus goes to the next or the previous row of what is on screen, and Enter opens it. */

const ROWS = "tbody tr, li, [data-row]";
const CAN_FOCUS = "a[href], button:not(:disabled), [tabindex='0']";

/** The first thing of each row that can have the focus, in the order of the page. */
function targetsIn(main: Element): HTMLElement[] {
  const targets = new Set<HTMLElement>();
  for (const row of main.querySelectorAll<HTMLElement>(ROWS)) {
    const target = row.matches(CAN_FOCUS) ? row : row.querySelector<HTMLElement>(CAN_FOCUS);
    if (target !== null && target.checkVisibility()) targets.add(target);
  }
  return [...targets];
}

/** `step` 1 or -1. From outside of the rows it begins at the first or the last. */
export function moveRow(main: Element | null, step: 1 | -1): void {
  if (main === null) return;
  const targets = targetsIn(main);
  const focused = document.activeElement;
  const at = targets.findIndex(
    (target) => target === focused || target.closest(ROWS)?.contains(focused) === true,
  );
  const next = at === -1 ? (step === 1 ? 0 : targets.length - 1) : at + step;
  targets[Math.max(0, Math.min(next, targets.length - 1))]?.focus();
}
