/** Where a chart is being read, and whether its table stands in for the picture. */
import { moved } from "./crosshair.ts";

export class Cursor {
  /** Of the reading; null: nobody reads. */
  index = $state<number | null>(null);
  tabled = $state(false);

  /** Takes the keys that are a chart's own; the others stay the page's. */
  keydown = (event: KeyboardEvent, count: number, open?: (index: number) => void): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "d" || (event.key === "Escape" && this.tabled)) {
      this.tabled = !this.tabled;
    } else if (event.key === "Enter" && open !== undefined && !this.tabled) {
      open(this.index ?? count - 1);
    } else {
      const next = this.tabled ? undefined : moved(event.key, this.index, count);
      if (next === undefined) return;
      this.index = next;
    }
    event.preventDefault();
    event.stopPropagation();
  };
}
