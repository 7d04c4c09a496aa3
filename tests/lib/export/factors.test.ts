import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNpy } from '../../../src/cli/publish/factor-files/npy.ts';
import { readFactorTable } from '../../../src/cli/publish/factor-files/read.ts';
import { factorsAsNpy, factorsAsSafetensors, idLines, isPersonal } from '../../../src/lib/export/factors.ts';
import { npyBytes } from '../../../src/lib/export/npy.ts';
import { Random } from '../../../src/lib/model/matrix/random.ts';
import { readSafetensors } from '../../../src/lib/safetensors.ts';
import type { ModelSnapshot } from '../../../src/lib/types.ts';
import { snapshotOf } from '../model/recommend/planted.ts';

const [ITEMS, FACTORS] = [37, 5];

function snapshot(device: ModelSnapshot['device']): ModelSnapshot {
  const random = new Random(7);
  return {
    ...snapshotOf(
      Float32Array.from({ length: ITEMS * FACTORS }, () => random.normal()),
      FACTORS,
    ),
    device,
  };
}

describe('exported factors', () => {
  it.each([
    ['safetensors', factorsAsSafetensors],
    ['npy', factorsAsNpy],
  ] as const)('come back from %s number by number', async (suffix, write) => {
    const model = snapshot('cpu');
    const file = join(mkdtempSync(join(tmpdir(), 'factors-')), `factors.${suffix}`);
    writeFileSync(file, write(model));
    const table = await readFactorTable(file);
    expect([table.rows, table.factors]).toEqual([ITEMS, FACTORS]);
    expect(table.values).toEqual(model.itemFactors);
  });

  it('say how they were trained, and whether a visitor was among the data', () => {
    const { metadata } = readSafetensors(factorsAsSafetensors(snapshot('webgpu')));
    expect(metadata.get('personal')).toBe('true');
    expect(metadata.get('model')).toBe('ials');
    expect(JSON.parse(metadata.get('hyperparameters') ?? '')).toEqual(snapshot('cpu').hyperparameters);
    expect([isPersonal(snapshot('cpu')), isPersonal(snapshot('shop'))]).toEqual([true, false]);
  });

  it('begin at a multiple of 64 bytes in npy, as the format asks, whatever the shape', () => {
    for (const [rows, columns] of [
      [1, 1],
      [999, 8],
      [1_000_000, 0],
      [12, 123_456],
    ] as const) {
      const values = new Float32Array(rows * columns);
      const file = npyBytes(rows, columns, values);
      expect((file.length - values.byteLength) % 64).toBe(0);
      expect(file[file.length - values.byteLength - 1]).toBe(10);
      const table = readNpy('x', file);
      expect([table.rows, table.factors]).toEqual([rows, columns]);
    }
  });

  it('have an id a line beside them', () => {
    expect(idLines([{ id: 'a b' }, { id: '咖啡' }])).toBe('a b\n咖啡\n');
  });
});
