import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { FactorTable } from '../../../src/cli/publish/factor-files/factor-table.ts';
import { readFactorTable } from '../../../src/cli/publish/factor-files/read.ts';
import { onDamaged, survives, truncations } from '../../support/hostile.ts';

const FOLDER = fileURLToPath(new URL('fixtures/', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => !name.endsWith('.py'));

const temporary = mkdtempSync(join(tmpdir(), 'factor-fuzz-'));
afterAll(() => rmSync(temporary, { recursive: true }));

/** A table whose parts fit: never a row of another length, never an id too few. */
function isWhole({ ids, rows, factors, values }: FactorTable): void {
  expect(values).toHaveLength(rows * factors);
  if (ids !== null) expect(ids).toHaveLength(rows);
}

/** The files of `fixtures/make.py`, one after the other broken in every way. */
describe('whatever a file of factors is, it is read whole or refused by name', () => {
  it.each(FILES)('%s', async (name) => {
    const whole = new Uint8Array(readFileSync(FOLDER + name));
    const read = async (bytes: Uint8Array) => {
      const path = join(temporary, name);
      writeFileSync(path, bytes);
      return survives(() => readFactorTable(path), ['import-invalid'], isWhole);
    };
    for (const part of truncations(whole, 100)) await read(part);
    await onDamaged(whole, 100, async (bytes) => {
      await read(bytes);
    });
  });
});
