import adapter from "@sveltejs/adapter-static";
import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";

/** `npm run dev` tells where the local Worker listens; the page's API calls and sockets go there. */
const worker = process.env.CLUSTERFORK_DEV_WORKER ?? "http://127.0.0.1:8787";
const proxy = Object.fromEntries(
  ["/api", "/v1", "/healthz"].map((path) => [path, { target: worker, ws: true, changeOrigin: false }]),
);

/**
 * What several pages share of these goes into one file: a first look at the live view fetched
 * 45 small ones in three rounds, and a slow phone pays for each. Charts and other parts of
 * single views are not among them, and stay out of that first look: of the alerts only what the bell shows.
 * What is named here brings along all that it imports.
 */
const SHARED =
  /\/(node_modules\/(svelte|esm-env|clsx)|app\/lib\/(api|alert\/(AlertList|Bell|inbox)|feed|session|shell|time|ui|project)|schema\/(event|state))\b/;

/**
 * What the page tells its scripts, the version of the build above all. Kit fills it before it loads the rest, which reads
 * it once: in the shared file it would be read first, each version would seem to be an older one, and an address of
 * nothing would load itself again for ever.
 */
const PAYLOAD = /\/@sveltejs\/kit\/src\/runtime\/client\/payload\.js$/;

export default defineConfig({
  build: {
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "payload", test: PAYLOAD, priority: 1 },
            { name: "shared", test: SHARED, minShareCount: 2 },
          ],
        },
      },
    },
  },
  plugins: [
    sveltekit({
      // A single-page app: the Worker's asset router answers unknown paths with index.html.
      adapter: adapter({ pages: "build", fallback: "index.html" }),
      files: { src: "app", assets: "app/static" },
    }),
  ],
  server: { proxy, host: "127.0.0.1" },
});
