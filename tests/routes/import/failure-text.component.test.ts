import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import { FILE_FAULTS, fileError } from '../../../src/lib/import/errors.ts';
import { importFiles, bytesSource } from '../../../src/lib/import/index.ts';
import { I18n } from '../../../src/routes/i18n/i18n.svelte.ts';
import { failureText } from '../../../src/routes/import/texts.ts';

/** Runs of Latin letters of a sentence, without the names that stand in it as they are. */
const latin = (text: string): string[] =>
  (text.match(/[A-Za-z]{2,}/gu) ?? []).filter(
    (word) => !['log', 'csv', 'zip', 'ZIP', 'JSON', 'MB', 'Parquet'].includes(word),
  );

async function inLanguage(language: 'en' | 'zh'): Promise<I18n> {
  const i18n = await I18n.create(language);
  await i18n.loadPages();
  return i18n;
}

async function failureOf(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<AppError> {
  try {
    await importFiles([bytesSource(name, bytes)]);
  } catch (error) {
    if (error instanceof AppError) return AppError.fromWire(error.toWire());
    throw error;
  }
  throw new Error('The import did not fail.');
}

describe('why an import failed', () => {
  it.each(FILE_FAULTS)('is said in Chinese without a word of English: %s', async (fault) => {
    const error = fileError(
      'log.csv',
      fault,
      { reason: 'has an English reason', remedy: 'Do something English.' },
      { line: 7, count: 12_345, limit: 10_000_000 },
    );
    const text = failureText(await inLanguage('zh'), error);
    expect(text).toContain('log.csv');
    expect(latin(text)).toEqual([]);
    expect(failureText(await inLanguage('en'), error)).toMatch(/^log\.csv: .*\.$/u);
  });

  it('names the file and its numbers, through the library and the wire', async () => {
    const wide = Array.from({ length: 10_001 }, (_, at) => `c${at}`).join(',');
    const columns = await failureOf('log.csv', new TextEncoder().encode(`${wide}\n${wide}\n`));
    expect(failureText(await inLanguage('zh'), columns)).toBe(
      'log.csv：有 10,001 列，最多只能读 10,000 列。请去掉一些列。',
    );
    expect(failureText(await inLanguage('en'), columns)).toBe(
      'log.csv: It has 10,001 columns; at most 10,000 are read. Leave some out.',
    );
    const zip = await failureOf('log.zip', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0]));
    expect(failureText(await inLanguage('zh'), zip)).toBe(
      'log.zip：这个 ZIP 压缩包不完整。请重新下载或复制。',
    );
  });
});
