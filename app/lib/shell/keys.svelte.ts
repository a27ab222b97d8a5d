/**
 * Single-key commands. A view adds its own while it is on screen, and the help
 * dialog lists exactly what is there: a key that is shown works.
 *
 *   const keys = getKeys();
 *   $effect(() => keys.add({ key: "f", does: "Fit the graph", run: fit }));
 */
import { createContext, untrack } from "svelte";

export interface KeyBinding {
  /** `KeyboardEvent.key`, such as `t`, `?` or `ArrowDown`. */
  key: string;
  /** With Ctrl, or ⌘ on a Mac; then it works while somebody types, too. */
  mod?: true;
  /** What stands on the key cap in the help, where it is not `key` itself. */
  cap?: string;
  /** What it does, as a short command. */
  does: string;
  run: (event: KeyboardEvent) => void;
}

export class Keys {
  #bindings = $state.raw<readonly KeyBinding[]>([]);

  get bindings(): readonly KeyBinding[] {
    return this.#bindings;
  }
  /** Returns the way to take it away again, which an `$effect` calls by itself. */
  add(...bindings: KeyBinding[]): () => void {
    // Untracked: an effect that adds must not run again because of what it added.
    this.#bindings = [...untrack(() => this.#bindings), ...bindings];
    return () => {
      this.#bindings = untrack(() => this.#bindings).filter((each) => !bindings.includes(each));
    };
  }
  handle(event: KeyboardEvent): void {
    const mod = event.ctrlKey || event.metaKey;
    if (event.defaultPrevented || event.altKey || (!mod && isTyping(event.target))) return;
    if (document.querySelector("dialog[open]") !== null) return;
    // Space presses the button that has the focus.
    if (event.key === " " && event.target instanceof Element && event.target.closest("button, summary"))
      return;
    // The newest wins: a view may give a key another meaning while it is open.
    const binding = this.#bindings.findLast((each) => each.key === event.key && (each.mod ?? false) === mod);
    if (binding === undefined) return;
    event.preventDefault();
    binding.run(event);
  }
}

/** Letters belong to the text when someone writes or chooses from a list. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select, [role^='menuitem']");
}

export const [getKeys, setKeys] = createContext<Keys>();
