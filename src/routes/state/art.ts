/** Art of a pack as addresses for <img>: SVG text becomes a blob: image, where its scripts do not run. */
export class Art {
  readonly #svg: ReadonlyMap<string, string>;
  readonly #urls = new Map<string, string>();

  /** `svg`: SVG text by art key, as it came from the pack. */
  constructor(svg: ReadonlyMap<string, string>) {
    this.#svg = svg;
  }

  /** The address of an art, made at the first call; null where there is none of that key. */
  url(key: string): string | null {
    const known = this.#urls.get(key);
    if (known !== undefined) return known;
    const svg = this.#svg.get(key);
    if (svg === undefined) return null;
    const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    this.#urls.set(key, url);
    return url;
  }

  /** Frees the images; addresses given out so far stop working. */
  release(): void {
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
  }
}

/** Art of a pack that has none. */
export const NO_ART = new Art(new Map());
