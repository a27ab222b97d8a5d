/**
 * Dark, light, or as the system has it, per device. `static/theme.js` sets it
 * before the first paint from the same key; from then on this object owns it.
 * Paper is light: while a page is printed, so is the theme.
 */
import { createContext } from "svelte";

export type ThemeName = "dark" | "light";
export type ThemeChoice = ThemeName | "system";
export const THEMES: readonly { id: ThemeChoice; label: string }[] = [
  { id: "dark", label: "Dark theme" },
  { id: "light", label: "Light theme" },
  { id: "system", label: "Theme of the system" },
];
const STORAGE_KEY = "clusterfork:theme";

export class Theme {
  readonly #system_light = matchMedia("(prefers-color-scheme: light)");
  #name = $state<ThemeName>(document.documentElement.dataset["theme"] === "light" ? "light" : "dark");
  #choice = $state<ThemeChoice>(this.#stored());

  get name(): ThemeName {
    return this.#name;
  }
  get choice(): ThemeChoice {
    return this.#choice;
  }
  toggle(): void {
    this.choose(this.#name === "dark" ? "light" : "dark");
  }
  choose(choice: ThemeChoice): void {
    this.#choice = choice;
    this.#set(this.#named(choice));
    try {
      localStorage.setItem(STORAGE_KEY, choice);
    } catch {
      // Storage switched off: the choice holds until the tab closes.
    }
  }
  /** Another tab of this device chose, the system changed, or a page is printed. Returns the way to stop listening. */
  follow(): () => void {
    const stop = new AbortController();
    const { signal } = stop;
    const onstorage = (event: StorageEvent) => {
      if (event.key !== STORAGE_KEY) return;
      this.#choice = choiceIn(event.newValue);
      this.#set(this.#named(this.#choice));
    };
    addEventListener("storage", onstorage, { signal });
    const onsystem = () => this.#set(this.#named(this.#choice));
    this.#system_light.addEventListener("change", onsystem, { signal });
    addEventListener("beforeprint", () => this.#set("light"), { signal });
    addEventListener("afterprint", onsystem, { signal });
    return () => stop.abort();
  }
  #named(choice: ThemeChoice): ThemeName {
    if (choice !== "system") return choice;
    return this.#system_light.matches ? "light" : "dark";
  }
  #stored(): ThemeChoice {
    try {
      return choiceIn(localStorage.getItem(STORAGE_KEY));
    } catch {
      // Storage switched off: the default.
      return "dark";
    }
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

const choiceIn = (text: string | null): ThemeChoice =>
  text === "light" || text === "system" ? text : "dark";

export const [getTheme, setTheme] = createContext<Theme>();
