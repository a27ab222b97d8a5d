/** What a mark knows of the chart around it: LayerCake's context, with our scales. Read it each time; it changes with the size. */
import { getLayerCakeContext, type LayerCakeContext } from "layercake";

interface LinearScale {
  (value: number): number;
  invert(px: number): number;
}

export type Plot = LayerCakeContext<{ x: LinearScale; y: LinearScale }, unknown[]>;

export const getPlot = (): Plot => getLayerCakeContext<{ x: LinearScale; y: LinearScale }, unknown[]>();
