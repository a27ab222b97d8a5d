/**
 * Whether this browser was signed in when it was here last, for static/early.js: it asks for the teams while the app's
 * script is on its way, and to a stranger that is an error in the console.
 */
const SIGNED_IN_KEY = "clusterfork:signed-in";

export function noteSignedIn(signed_in: boolean): void {
  try {
    if (signed_in) localStorage.setItem(SIGNED_IN_KEY, "1");
    else localStorage.removeItem(SIGNED_IN_KEY);
  } catch {
    // Storage switched off or full: the app asks by itself, a moment later.
  }
}
