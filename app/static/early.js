// Asks for who is looking, and for the files of the view in the address, while the app's script is still on its way. The
// app asks the same a moment later, and takes these answers in their place, once: lib/session/early.ts. Whoever follows
// a share link is asked nothing.
(function () {
  const { AbortSignal, document, fetch, localStorage, location } = window;
  if (location.pathname.startsWith("/s/")) return;
  // Filled in by the build (scripts/build/ahead.ts): files of each view.
  const AHEAD = {};
  const view = location.pathname.split("/")[3] ?? "";
  for (const file of Object.hasOwn(AHEAD, view) ? AHEAD[view] : []) {
    const link = document.createElement("link");
    link.href = `/_app/immutable/${file}`;
    // A stranger is led elsewhere: a style that is only fetched is nothing that a browser misses then.
    link.rel = file.endsWith(".js") ? "modulepreload" : "prefetch";
    document.head.append(link);
  }
  let known = false;
  try {
    // To a stranger the second question is an error, so it is asked for who was in before.
    known = localStorage.getItem("clusterfork:signed-in") !== null;
  } catch {
    // Storage is switched off: the app asks by itself.
  }
  const answers = {};
  // What failed is asked again by the app, which says so where it fails again.
  const ask = (path) =>
    (answers[path] = fetch(path, { signal: AbortSignal.timeout(10_000) }).catch(() => null));
  ask("/api/auth/get-session");
  if (known) ask("/api/teams");
  window.clusterforkEarly = answers;
})();
