/**
 * A duration that honours the visitor's wish for less motion: 0 then. Asked at each use, since the wish can change
 * while the page is open.
 */
export function motionMs(milliseconds: number): number {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : milliseconds;
}
