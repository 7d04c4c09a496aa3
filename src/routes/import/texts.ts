import type { AppError } from '../../lib/errors.ts';
import { aboutOf } from '../../lib/import/content/about.ts';
import {
  PROBLEM_REASONS,
  type Decision,
  type ProblemReason,
  type RowProblem,
  type SkipReason,
  type TableKind,
} from '../../lib/import/types.ts';
import type { I18n } from '../i18n/i18n.svelte.ts';

export const TABLE_TEXT = {
  events: 'imports.tableEvents',
  orders: 'imports.tableOrders',
  items: 'imports.tableItems',
  ignored: 'imports.tableIgnored',
} as const satisfies Record<TableKind, string>;

const SKIP_REASONS: readonly SkipReason[] = [
  'empty',
  'not-a-table',
  'nested-archive',
  'unsafe-name',
  'encrypted',
];

/** The name of a data set in the page's language. */
export const datasetName = (i18n: I18n, dataset: string): string => i18n.text(aboutOf(dataset).name);

/** What to do about a row: the library's own words, which name numbers, in English; the reason's in other languages. */
export function remedyOf(i18n: I18n, { reason, remedy }: Pick<RowProblem, 'reason' | 'remedy'>): string {
  return i18n.language === 'en' ? remedy : i18n.t(`imports.remedy.${reason}`);
}

/** Something that had to be decided, as a sentence. */
export function decisionText(i18n: I18n, { name, value }: Decision): string {
  if (name === 'day-order') return i18n.t(value === 'dmy' ? 'imports.decision.dmy' : 'imports.decision.mdy');
  return name === 'no-times'
    ? i18n.t('imports.decision.no-times')
    : i18n.t(`imports.decision.${name}`, { value });
}

/** Why an import failed, with the file, the line and the value where they are known. */
export function failureText(i18n: I18n, error: AppError): string {
  const { code, values, message } = error;
  if (code !== 'import-invalid') return i18n.error(error);
  const text = (name: string): string => String(values[name] ?? '');
  const [file, value, column, reason] = [text('file'), text('value'), text('column'), text('reason')];
  const remedy = error.remedy ?? '';
  const known = PROBLEM_REASONS.find((name) => name === reason);
  if (known !== undefined && values['line'] !== undefined) {
    return rowText(i18n, { file, value, column, reason: known, remedy, line: Number(values['line']) });
  }
  if (reason === 'taken') return i18n.t('imports.failedTaken', { value });
  const skipped = SKIP_REASONS.find((name) => name === reason);
  if (skipped !== undefined) {
    return i18n.t('imports.failedFile', {
      file,
      reason: i18n.t(`imports.skip.${skipped}`),
      remedy: i18n.t('imports.dropFormats'),
    });
  }
  if (column !== '') return i18n.t('imports.failedColumn', { file, column });
  if (reason !== '' && file !== '') return i18n.t('imports.failedFile', { file, reason, remedy });
  if (values['problems'] !== undefined) return i18n.t('imports.failedNothing', { file });
  return Object.keys(values).length === 0
    ? i18n.t('imports.failedEmpty')
    : i18n.t('imports.failedOther', { reason: message, remedy });
}

function rowText(
  i18n: I18n,
  { file, line, column, value, reason, remedy }: RowProblem & { readonly reason: ProblemReason },
): string {
  const words = {
    file,
    line,
    value,
    reason: i18n.t(`imports.reason.${reason}`),
    remedy: remedyOf(i18n, { reason, remedy }),
  };
  return column === ''
    ? i18n.t('imports.failedLine', words)
    : i18n.t('imports.failedRow', { ...words, column });
}
