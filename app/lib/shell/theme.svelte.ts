/**
 * Dark or light, per device. `static/theme.js` sets it before the first paint
 * from the same key; from then on this object owns it.
 */
import { createContext } from "svelte";

export type ThemeName = "dark" | "light";
const STORAGE_KEY = "clusterfork:theme";

export class Theme {
  #name = $state<ThemeName>(document.documentElement.dataset["theme"] === "light" ? "light" : "dark");

  get name(): ThemeName {
    return this.#name;
  }
  toggle(): void {
    this.#set(this.#name === "dark" ? "light" : "dark");
    try {
      localStorage.setItem(STORAGE_KEY, this.#name);
    } catch {
      // Storage switched off: the choice holds until the tab closes.
    }
  }
  /** Another tab of this device chose. Returns the way to stop listening. */
  follow(): () => void {
    const onstorage = (event: StorageEvent) => {
      if (event.key === STORAGE_KEY) this.#set(event.newValue === "light" ? "light" : "dark");
    };
    addEventListener("storage", onstorage);
    return () => removeEventListener("storage", onstorage);
  }
  #set(name: ThemeName): void {
    this.#name = name;
    const root = document.documentElement;
    root.dataset["theme"] = name;
    const bar = document.querySelector<HTMLMetaElement>('meta[name="theme-color"]');
    if (bar !== null) bar.content = name === "light" ? "#fafaf8" : "#0c0e10";
    // What theme.js set for the moment before the stylesheet came.
    root.style.colorScheme = "";
    root.style.backgroundColor = "";
  }
}

export const [getTheme, setTheme] = createContext<Theme>();
