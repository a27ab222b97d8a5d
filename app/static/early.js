// Asks for who is looking, and for the state and the files of the view in the address, while the app's script is still on
// its way. The app asks the same a moment later, and takes these answers in their place, once: lib/session/early.ts.
// Whoever follows a share link is asked nothing.
(function () {
  const { AbortSignal, document, fetch, localStorage, location } = window;
  if (location.pathname.startsWith("/s/")) return;
  // Filled in by the build (scripts/build/ahead.ts): files of each view.
  const AHEAD = {};
  const [, team_slug, project_slug, view = ""] = location.pathname.split("/");
  // What failed, or is no JSON, is asked for again by the app, which says so where it fails again.
  const settled = (promise) => promise.catch(() => null);
  const get = (path, init) => settled(fetch(path, init));
  const soon = () => ({ signal: AbortSignal.timeout(10_000) });
  // The app reads the answer itself, later than this: it was asked first.
  const read = (answer) => (answer?.ok ? answer.clone().json() : null);
  const person = get("/api/auth/get-session", soon());
  for (const file of Object.hasOwn(AHEAD, view) ? AHEAD[view] : []) {
    const link = document.createElement("link");
    link.href = `/_app/immutable/${file}`;
    // A stranger is led elsewhere: a style that is only fetched is nothing that a browser misses then.
    link.rel = file.endsWith(".js") ? "modulepreload" : "prefetch";
    document.head.append(link);
  }
  // Last: the page stands still until the browser has opened its storage, and what is asked for above is on its way by then.
  let known = false;
  try {
    known = localStorage.getItem("clusterfork:signed-in") !== null;
  } catch {
    // Storage is switched off: who is looking is heard first.
  }
  // To a stranger the second question is an error, so it is asked for who was in before, or is heard to be in.
  const teams = known
    ? get("/api/teams", soon())
    : person.then(read).then((somebody) => (somebody === null ? null : get("/api/teams", soon())));
  const state = teams.then(read).then((found) => {
    const team = found?.teams.find(({ slug }) => slug === team_slug);
    const project = team?.projects.find(({ slug }) => slug === project_slug);
    if (project === undefined) return null;
    const path = `/api/projects/${project.id}/state`;
    // As lib/feed/browser.ts asks for it. A large state on a slow line takes its time.
    return { path, answer: get(path, { headers: { accept: "application/x-ndjson" } }) };
  });
  window.clusterforkEarly = {
    answers: { "/api/auth/get-session": person, "/api/teams": settled(teams) },
    state: settled(state),
  };
})();
