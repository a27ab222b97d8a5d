/**
 * A whole number as the pages write it, `7,041`. Without the browser's own formatter, which takes some milliseconds of
 * the first paint to load its tables.
 */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
