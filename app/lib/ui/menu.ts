/** One line of a menu: a place to go (`href`) or a thing to do (`run`). */
import type { IconName } from "./Icon.svelte";

export interface MenuItem {
  id: string;
  label: string;
  href?: string;
  run?: () => void;
  /** Present on choices among several; true on the one that holds. */
  checked?: boolean;
  icon?: IconName;
  /** Stands at the right edge, such as a key or a role. */
  note?: string;
  /** A hairline above it. */
  separated?: boolean;
}
