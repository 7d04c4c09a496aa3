import { AppError } from '../../lib/errors.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';

export type NoticeKind = 'done' | 'error';

/** A short message at the edge of the page, with at most one action. */
export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void | Promise<void> } | null;
  /** Milliseconds until it leaves by itself; null stays until dismissed. */
  readonly lifeMs: number | null;
}

/** Long enough to read a sentence and reach "Undo" by keyboard. */
const LIFE_MS = 8_000;
const ERROR_LIFE_MS = 14_000;
/** Older notices make room: a stack taller than this hides the page. */
const MAX_SHOWN = 2;

/** The page's messages, newest last. */
export class Notices {
  readonly #i18n: I18n;
  #list = $state.raw<readonly Notice[]>([]);
  #next = 1;

  constructor(i18n: I18n) {
    this.#i18n = i18n;
  }

  get list(): readonly Notice[] {
    return this.#list;
  }

  /** Shows a message; returns its id. */
  show(text: string, options: Partial<Pick<Notice, 'kind' | 'action' | 'lifeMs'>> = {}): number {
    const notice: Notice = {
      id: this.#next++,
      kind: options.kind ?? 'done',
      text,
      action: options.action ?? null,
      lifeMs: options.lifeMs === undefined ? LIFE_MS : options.lifeMs,
    };
    this.#list = [...this.#list, notice].slice(-MAX_SHOWN);
    return notice.id;
  }

  /** Says what was done and offers to take it back. */
  undoable(text: string, undo: () => Promise<void>): void {
    this.show(text, {
      action: {
        label: this.#i18n.t('common.notice.undo'),
        run: async () => {
          await undo();
          this.show(this.#i18n.t('common.notice.undone'));
        },
      },
    });
  }

  /** Says what failed. A cancelled action is no failure and says nothing. */
  error(thrown: unknown): void {
    const error = AppError.from(thrown);
    if (error.code === 'cancelled') return;
    this.show(this.#i18n.error(error), { kind: 'error', lifeMs: ERROR_LIFE_MS });
  }

  /** Says that what the visitor did is not kept. */
  notSaved(thrown: unknown): void {
    const reason = this.#i18n.error(thrown);
    this.show(this.#i18n.t('common.notice.notSaved', { reason }), { kind: 'error', lifeMs: ERROR_LIFE_MS });
  }

  /** Runs the action of a notice and takes the notice away. */
  async act(notice: Notice): Promise<void> {
    this.dismiss(notice.id);
    try {
      await notice.action?.run();
    } catch (error) {
      this.error(error);
    }
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
  }
}
