/** What a verdict says of events that were destroyed. */
export function describeForgotten(forgotten: number, unwitnessed: number): string {
  if (forgotten === 0) return "";
  const before = unwitnessed > 0 ? ` (${unwitnessed} without a witness, from before the log named them)` : "";
  return `, ${forgotten} forgotten on purpose${before}`;
}
