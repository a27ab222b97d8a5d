/** Hidden tabs draw nothing; once a second keeps the title and the counts honest. */
const HIDDEN_DRAW_MS = 1_000;

/** Gathers requests into one call per animation frame, or per second where no frames come. */
export function drawSoon(draw: () => void): { request: () => void; stop: () => void } {
  let frame: number | null = null;
  let timer: number | null = null;
  const stop = () => {
    if (frame !== null) cancelAnimationFrame(frame);
    if (timer !== null) clearTimeout(timer);
    frame = timer = null;
  };
  const run = () => {
    stop();
    draw();
  };
  const request = () => {
    if (document.hidden) timer ??= window.setTimeout(run, HIDDEN_DRAW_MS);
    // A frame asked for just before the tab was hidden never comes: the next request is then by timer.
    else frame ??= requestAnimationFrame(run);
  };
  return { request, stop };
}
