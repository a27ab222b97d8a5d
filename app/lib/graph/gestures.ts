/** Pointer, wheel and pinch on one element, as pan and zoom. A press that does not move stays a click. */

interface Moves {
  pan(dx: number, dy: number): void;
  /** At a point within the element, px. */
  zoom(factor: number, x: number, y: number): void;
  /** Between the first and the last movement of a drag. */
  moving(now: boolean): void;
}

/** A hand is not steady: less than this is a click, px. */
const DRAG_STARTS_PX = 4;
/** Wheel deltas arrive in lines from some mice, px per line. */
const LINE_PX = 32;
/** Zoom per wheel pixel: a notch (100 px) is about a fifth. */
const ZOOM_PER_PX = 0.0022;

export function gestures(moves: Moves): (element: HTMLElement) => () => void {
  return (element) => {
    const pointers = new Map<number, { x: number; y: number }>();
    let travelled_px = 0;
    let dragging = false;

    const within = (x: number, y: number): [number, number] => {
      const { left, top } = element.getBoundingClientRect();
      return [x - left, y - top];
    };
    const spread = () => {
      const [a, b] = [...pointers.values()];
      if (a === undefined || b === undefined) return null;
      return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, distance: Math.hypot(a.x - b.x, a.y - b.y) };
    };

    const down = (event: PointerEvent) => {
      if (event.button !== 0) return;
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (pointers.size === 1) travelled_px = 0;
    };
    const move = (event: PointerEvent) => {
      const last = pointers.get(event.pointerId);
      if (last === undefined) return;
      const dx = event.clientX - last.x;
      const dy = event.clientY - last.y;
      const before = spread();
      travelled_px += Math.abs(dx) + Math.abs(dy);
      if (!dragging && travelled_px < DRAG_STARTS_PX) return;
      if (!dragging) {
        dragging = true;
        element.setPointerCapture(event.pointerId);
        moves.moving(true);
      }
      pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const after = spread();
      if (before === null || after === null) return moves.pan(dx, dy);
      moves.zoom(after.distance / before.distance, ...within(after.x, after.y));
      moves.pan(after.x - before.x, after.y - before.y);
    };
    const up = (event: PointerEvent) => {
      pointers.delete(event.pointerId);
      if (pointers.size > 0 || !dragging) return;
      dragging = false;
      moves.moving(false);
    };
    /** The click that ends a drag is none; one from the keyboard (detail 0) always counts. */
    const click = (event: MouseEvent) => {
      if (event.detail > 0 && travelled_px >= DRAG_STARTS_PX) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
      if (event.ctrlKey || event.metaKey)
        moves.zoom(Math.exp(-event.deltaY * unit * ZOOM_PER_PX), ...within(event.clientX, event.clientY));
      else if (event.shiftKey && event.deltaX === 0) moves.pan(-event.deltaY * unit, 0);
      else moves.pan(-event.deltaX * unit, -event.deltaY * unit);
    };

    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", move);
    element.addEventListener("pointerup", up);
    element.addEventListener("pointercancel", up);
    element.addEventListener("click", click, { capture: true });
    element.addEventListener("wheel", wheel, { passive: false });
    return () => {
      element.removeEventListener("pointerdown", down);
      element.removeEventListener("pointermove", move);
      element.removeEventListener("pointerup", up);
      element.removeEventListener("pointercancel", up);
      element.removeEventListener("click", click, { capture: true });
      element.removeEventListener("wheel", wheel);
    };
  };
}
