import { throwIfStopped } from '../errors.ts';
import type { ItemIndex } from '../../types.ts';
import { authorNames, compareAuthors, type AuthorNames } from './authors.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { TitleIndex } from './title-index.ts';
import { titleForms, type TitleForms } from './titles.ts';
import type { MatchCandidate, MatchedWork, MatchEvidence, PastSource, PastWork } from './types.ts';

/** From this score on the best product is taken for the thing, where the next one is `CLEAR` behind it. */
export const CERTAIN = 0.85;
const CLEAR = 0.05;
/** Products below this are none to choose from. */
export const DOUBTFUL = 0.5;
/** Products to choose from. */
const CANDIDATES = 5;
/** Words in common, weighted, from which on a product is looked at. */
const LEAST_LIKENESS = 0.5;

/** What the titles alone are worth. Words give between half and four fifths, by how many they share. */
const TITLE = 0.9;
const OTHER_TITLE = 0.86;
const MAIN_TITLE = 0.72;
const wordScore = (likeness: number): number => 0.2 + 0.6 * likeness;
/** What author and year add or take. */
const AUTHOR = { agree: 0.08, differ: -0.3, unknown: 0 } as const;
const SAME_YEAR = 0.06;
const NEXT_YEAR = 0.02;
const OTHER_YEAR = -0.3;
const OTHER_PRINTING = -0.02;
/** No sum of signs is as sure as a number. */
const MOST = 0.99;

/** Films of one title are told apart by their years; books are printed again. */
const FIRM_YEARS: Readonly<Record<PastSource, boolean>> = {
  goodreads: false,
  letterboxd: true,
  amazon: false,
  steam: true,
};

interface Product {
  readonly entry: CatalogueEntry;
  readonly forms: readonly TitleForms[];
  readonly authors: AuthorNames;
  readonly year: number | null;
}

/**
 * Finds the products of a shop that things of a person's past are. A number that both have decides. Else titles are
 * compared (`titleForms`), exactly by a map and by words through an inverted index, with author and year as further signs.
 */
export class Matcher {
  readonly #products: readonly Product[];
  readonly #byNumber = new Map<string, number[]>();
  readonly #byKey = new Map<string, number>();
  readonly #byTitle = new Map<string, number[]>();
  readonly #byMain = new Map<string, number[]>();
  readonly #index = new TitleIndex();

  constructor(entries: readonly CatalogueEntry[]) {
    this.#products = entries.map((entry, item) => this.#add(entry, item));
    this.#index.settle();
  }

  match(work: PastWork): MatchedWork {
    const numbered = this.#numbered(work);
    const found = numbered.length > 0 ? numbered : this.#titled(work);
    const candidates = found
      .toSorted((a, b) => b.score - a.score || a.item - b.item)
      .slice(0, CANDIDATES)
      .filter(({ score }) => score >= DOUBTFUL);
    const [best, next] = candidates;
    const certain =
      best !== undefined && best.score >= CERTAIN && (next === undefined || best.score - next.score >= CLEAR);
    return { work, certain, candidates };
  }

  #add(entry: CatalogueEntry, item: number): Product {
    const forms = [...new Set([entry.en, entry.zh])].filter((title) => title !== '').map(titleForms);
    for (const { full, main, others } of forms) {
      for (const title of new Set([full, ...others])) {
        push(this.#byTitle, title, item);
        this.#index.add(item, title);
      }
      push(this.#byMain, main, item);
    }
    for (const { scheme, value } of entry.numbers) push(this.#byNumber, `${scheme}=${value}`, item);
    this.#byKey.set(entry.id, item);
    const year = entry.year ?? forms.find((form) => form.year !== null)?.year ?? null;
    return { entry, forms, authors: authorNames(entry.brand), year };
  }

  /**
   * Products of the same number. A shop's own key that is a plain number may mean anything: it counts where the titles
   * have at least words in common.
   */
  #numbered(work: PastWork): readonly MatchCandidate[] {
    const items = new Set(
      work.ids.flatMap(({ scheme, value }) => this.#byNumber.get(`${scheme}=${value}`) ?? []),
    );
    if (items.size === 0 && work.title !== '') {
      const titled = new Set(this.#titled(work).map(({ item }) => Number(item)));
      for (const { value } of work.ids) {
        const item = this.#byKey.get(value);
        if (item !== undefined && titled.has(item)) items.add(item);
      }
    }
    return [...items].map((item) => ({ item: item as ItemIndex, score: 1, by: 'id' }));
  }

  #titled(work: PastWork): readonly MatchCandidate[] {
    const forms = titleForms(work.title);
    if (forms.full === '') return [];
    const signs = new Map<number, { readonly score: number; readonly by: MatchEvidence }>();
    const sign = (item: number, score: number, by: MatchEvidence): void => {
      if (score > (signs.get(item)?.score ?? 0)) signs.set(item, { score, by });
    };
    for (const title of [forms.full, ...forms.others]) {
      for (const item of this.#byTitle.get(title) ?? []) {
        const isWhole =
          title === forms.full && this.#products[item]?.forms.some(({ full }) => full === title) === true;
        sign(item, isWhole ? TITLE : OTHER_TITLE, 'title');
      }
    }
    for (const item of this.#byMain.get(forms.main) ?? []) sign(item, MAIN_TITLE, 'main-title');
    // beside the same title, likeness of words tells nothing
    if (![...signs.values()].some(({ by }) => by === 'title')) {
      for (const { item, likeness } of this.#index.find(forms.full, 2 * CANDIDATES, LEAST_LIKENESS)) {
        sign(item, wordScore(likeness), 'words');
      }
    }
    const authors = authorNames(work.author);
    const year = work.year ?? forms.year;
    return [...signs].map(([item, { score, by }]) => ({
      item: item as ItemIndex,
      score: Math.max(0, Math.min(MOST, score + this.#further(item, authors, year, FIRM_YEARS[work.source]))),
      by,
    }));
  }

  #further(item: number, authors: AuthorNames, year: number | null, isFirm: boolean): number {
    const product = this.#products[item];
    if (product === undefined) return 0;
    const author = AUTHOR[compareAuthors(authors, product.authors)];
    if (year === null || product.year === null) return author;
    const apart = Math.abs(year - product.year);
    if (apart === 0) return author + SAME_YEAR;
    if (apart === 1) return author + NEXT_YEAR;
    return author + (isFirm ? OTHER_YEAR : OTHER_PRINTING);
  }
}

/** Matches things one after the other. Throws `cancelled`. */
export function matchAll(
  works: readonly PastWork[],
  entries: readonly CatalogueEntry[],
  signal?: AbortSignal,
): readonly MatchedWork[] {
  const matcher = new Matcher(entries);
  return works.map((work) => {
    throwIfStopped(signal);
    return matcher.match(work);
  });
}

function push(map: Map<string, number[]>, key: string, item: number): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else if (items.at(-1) !== item) items.push(item);
}
