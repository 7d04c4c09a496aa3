import { afterEach, expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import ItemMap from '../../../src/routes/train/charts/ItemMap.svelte';
import '../../../src/routes/styles/tokens.css';
import '../../../src/routes/styles/base.css';

afterEach(() => {
  document.head.querySelectorAll('style[data-test]').forEach((style) => style.remove());
});

/** Distinct opaque-enough colours on the canvas, by hue to 30 degrees. */
function hues(canvas: HTMLCanvasElement): ReadonlySet<number> {
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set<number>();
  for (let at = 0; at < data.length; at += 4) {
    const [r, g, b, alpha] = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!];
    const max = Math.max(r, g, b);
    const range = max - Math.min(r, g, b);
    if (alpha < 200 || range < 40) continue;
    const sector =
      max === r ? ((g - b) / range + 6) % 6 : max === g ? (b - r) / range + 2 : (r - g) / range + 4;
    found.add(Math.round((sector * 60) / 30));
  }
  return found;
}

async function draw(onpick = vi.fn()): Promise<HTMLCanvasElement> {
  const { container } = await render(ItemMap, {
    points: { x: Float32Array.of(-0.5, 0.5), y: Float32Array.of(0, 0) },
    tints: [0, 4],
    marked: new Set([1]),
    label: 'Two products',
    onhover: () => undefined,
    onpick,
  });
  const canvas = container.querySelector('canvas')!;
  await vi.waitFor(() => expect(hues(canvas).size).toBeGreaterThan(0));
  return canvas;
}

it('gives each tint its own colour, also where every style change is a transition', async () => {
  // What the rule for reduced motion does to every element.
  const style = document.createElement('style');
  style.dataset['test'] = '';
  style.textContent = '* { transition-duration: 0.01ms !important; }';
  document.head.append(style);
  expect(hues(await draw()).size).toBeGreaterThanOrEqual(2);
});

it('opens the product that was clicked', async () => {
  const onpick = vi.fn();
  const canvas = await draw(onpick);
  const { left, top, width, height } = canvas.getBoundingClientRect();
  // Item 1 lies at (0.5, 0) of [-1, 1]², inside a padding of 16 pixels.
  const clientX = left + 16 + 0.75 * (width - 32);
  canvas.dispatchEvent(new MouseEvent('click', { clientX, clientY: top + height / 2, bubbles: true }));
  expect(onpick).toHaveBeenCalledExactlyOnceWith(1);
});
