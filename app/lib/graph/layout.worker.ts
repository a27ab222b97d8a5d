/** Lays out off the main thread. One request, one answer, in order. */
import { KeptOrders } from "./kept-order.ts";
import { layoutGraph, type LayoutRequest } from "./layout.ts";

const kept = new KeptOrders();

addEventListener("message", ({ data }: MessageEvent<{ ticket: number; request: LayoutRequest }>) => {
  const started_at = performance.now();
  const layout = layoutGraph(data.request, kept);
  postMessage({ ticket: data.ticket, layout, took_ms: performance.now() - started_at });
});
