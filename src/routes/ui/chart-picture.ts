/** A line of the legend. */
export interface PictureKey {
  readonly label: string;
  readonly colour: string;
  readonly dashed: boolean;
}

/** What a saved picture of a chart shows. Sizes are in CSS pixels. */
export interface Picture {
  readonly title: string;
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
  /** Below the image; empty for none. */
  readonly xTitle: string;
  /** Empty for a chart of one line, whose title says it. */
  readonly keys: readonly PictureKey[];
}

/** Colours and font of the page's theme at the moment. */
export interface PictureTheme {
  readonly background: string;
  readonly ink: string;
  readonly muted: string;
  readonly fontFamily: string;
  /** Device pixels a CSS pixel, so that a canvas is drawn dot by dot. */
  readonly scale: number;
}

const MARGIN = 20;
const TITLE_SIZE = 16;
const TEXT_SIZE = 12;
const LINE_HEIGHT = 20;
const KEY_WIDTH = 22;
const KEY_GAP = 16;

/**
 * A chart with its title, legend and background as a canvas: what a page shows around a chart is no part of the chart's
 * own. Long titles and legends go on in further lines.
 */
export function chartPicture(picture: Picture, theme: PictureTheme): HTMLCanvasElement {
  const { title, image, width, height, xTitle, keys } = picture;
  const { background, ink, muted, fontFamily, scale } = theme;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  const titleFont = `600 ${TITLE_SIZE}px ${fontFamily}`;
  const textFont = `${TEXT_SIZE}px ${fontFamily}`;
  context.font = titleFont;
  const titleLines = brokenLines(title, width, (text) => context.measureText(text).width);
  context.font = textFont;
  const places = keyPlaces(keys, width, (text) => context.measureText(text).width);
  const imageTop = MARGIN + titleLines.length * (LINE_HEIGHT + 2) + 8;
  const legendTop = imageTop + height + (xTitle === '' ? 4 : LINE_HEIGHT);
  const total = legendTop + places.lines * LINE_HEIGHT + MARGIN;
  canvas.width = Math.round((width + 2 * MARGIN) * scale);
  canvas.height = Math.round(total * scale);
  context.scale(scale, scale);
  context.fillStyle = background;
  context.fillRect(0, 0, width + 2 * MARGIN, total);
  context.textBaseline = 'top';
  context.fillStyle = ink;
  context.font = titleFont;
  titleLines.forEach((line, at) => context.fillText(line, MARGIN, MARGIN + at * (LINE_HEIGHT + 2)));
  context.drawImage(image, MARGIN, imageTop, width, height);
  context.font = textFont;
  context.fillStyle = muted;
  if (xTitle !== '') {
    context.textAlign = 'center';
    context.fillText(xTitle, MARGIN + width / 2, imageTop + height + 2);
    context.textAlign = 'start';
  }
  keys.forEach(({ label, colour, dashed }, at) => {
    const { x, line } = places.at[at] ?? { x: 0, line: 0 };
    const [left, top] = [MARGIN + x, legendTop + line * LINE_HEIGHT];
    context.strokeStyle = colour;
    context.lineWidth = dashed ? 1.5 : 3;
    context.setLineDash(dashed ? [4, 3] : []);
    context.beginPath();
    context.moveTo(left, top + TEXT_SIZE / 2);
    context.lineTo(left + KEY_WIDTH - 4, top + TEXT_SIZE / 2);
    context.stroke();
    context.fillText(label, left + KEY_WIDTH, top);
  });
  return canvas;
}

/** A text in lines no wider than `width`, broken at blanks; a single long word stays whole. */
export function brokenLines(
  text: string,
  width: number,
  measure: (text: string) => number,
): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function keyPlaces(
  keys: readonly PictureKey[],
  width: number,
  measure: (text: string) => number,
): { readonly at: readonly { readonly x: number; readonly line: number }[]; readonly lines: number } {
  let [x, line] = [0, 0];
  const at = keys.map(({ label }) => {
    const own = KEY_WIDTH + measure(label);
    if (x > 0 && x + own > width) [x, line] = [0, line + 1];
    const place = { x, line };
    x += own + KEY_GAP;
    return place;
  });
  return { at, lines: keys.length === 0 ? 0 : line + 1 };
}

/** A canvas as a PNG file. Rejects where the browser cannot make one (too large). */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('The picture cannot be made.')) : resolve(blob)),
      'image/png',
    );
  });
}

/** What style sheets give an SVG's shapes, as attributes that the shape keeps outside of the page. */
const SVG_STYLES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'text-anchor',
] as const;

/** An SVG of the page as an image with the looks it has now, `width` × `height` device pixels. */
export async function svgImage(svg: SVGSVGElement, width: number, height: number): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const shapes = copy.querySelectorAll('*');
  svg.querySelectorAll('*').forEach((shape, at) => {
    const style = getComputedStyle(shape);
    // attributes, not a style: the header policy allows no inline styles
    for (const name of SVG_STYLES) shapes[at]?.setAttribute(name, style.getPropertyValue(name));
  });
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const text = new XMLSerializer().serializeToString(copy);
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  const image = new Image(width, height);
  try {
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}
