// Runs before the first paint, so that the page never flashes in the other theme.
// Key and colours are those of app/lib/shell/theme.svelte.ts and app/lib/ui/tokens.css.
(function () {
  let theme = "dark";
  try {
    const choice = window.localStorage.getItem("clusterfork:theme");
    const system_light = window.matchMedia("(prefers-color-scheme: light)").matches;
    if (choice === "light" || (choice === "system" && system_light)) theme = "light";
  } catch {
    // Storage is switched off: the default stays.
  }
  const root = window.document.documentElement;
  root.dataset.theme = theme;
  // The stylesheet arrives with the app's script; until then these two keep the canvas in the theme.
  root.style.colorScheme = theme;
  const background = theme === "light" ? "#fafaf8" : "#0c0e10";
  root.style.backgroundColor = background;
  window.document.querySelector('meta[name="theme-color"]').content = background;
})();
