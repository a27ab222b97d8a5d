// Asks for who is looking while the app's script is still on its way. The app asks the same a moment later, by
// lib/session/session.svelte.ts, and is given these answers. Whoever follows a share link is asked nothing.
(function () {
  const { document, localStorage, location } = window;
  let known = false;
  try {
    // lib/session/early.ts. To a stranger the second question is an error, so it is asked for who was in before.
    known = localStorage.getItem("clusterfork:signed-in") !== null;
  } catch {
    // Storage is switched off: the app asks by itself.
  }
  if (location.pathname.startsWith("/s/")) return;
  for (const path of known ? ["/api/auth/get-session", "/api/teams"] : ["/api/auth/get-session"]) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: path });
    document.head.append(link);
  }
})();
