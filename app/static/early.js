// Asks for who is looking while the app's script is still on its way. The app asks the same a moment later, and takes
// these answers in their place, once: lib/session/early.ts. Whoever follows a share link is asked nothing.
(function () {
  const { AbortSignal, fetch, localStorage, location } = window;
  if (location.pathname.startsWith("/s/")) return;
  let known = false;
  try {
    // To a stranger the second question is an error, so it is asked for who was in before.
    known = localStorage.getItem("clusterfork:signed-in") !== null;
  } catch {
    // Storage is switched off: the app asks by itself.
  }
  const answers = {};
  for (const path of known ? ["/api/auth/get-session", "/api/teams"] : ["/api/auth/get-session"])
    // What failed is asked again by the app, which says so where it fails again.
    answers[path] = fetch(path, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  window.clusterforkEarly = answers;
})();
