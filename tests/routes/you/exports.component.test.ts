import Papa from 'papaparse';
import { afterEach, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { restoreFormula } from '../../../src/lib/import/cells/formula.ts';
import { importFiles } from '../../../src/lib/import/import.ts';
import { blobSource } from '../../../src/lib/import/bytes/source.ts';
import { sealSnapshot } from '../../../src/lib/model/snapshot.ts';
import { readSafetensors, toFloats } from '../../../src/lib/safetensors.ts';
import type { ExportDocument } from '../../../src/lib/storage/types.ts';
import FactorExport from '../../../src/routes/train/FactorExport.svelte';
import LineChart from '../../../src/routes/train/charts/LineChart.svelte';
import CalibrationChart from '../../../src/routes/train/charts/CalibrationChart.svelte';
import Exports from '../../../src/routes/you/Exports.svelte';
import { plantedFactors, snapshotOf } from '../../lib/model/recommend/planted.ts';
import { createTestApp, renderInApp } from '../support/app.ts';
import { makeItem, makePack } from '../support/shop.ts';

const [ITEMS, FACTORS] = [40, 4];
const PACK = makePack(
  Array.from({ length: ITEMS }, (_, index) =>
    makeItem(index, index === 0 ? { name: { en: '=1+1, "so"' } } : {}),
  ),
);
/** The worker starts at the first call, which a busy machine serves late. */
const PATIENCE = { timeout: 20_000 };

afterEach(() => void vi.restoreAllMocks());

/** Presses a button and gives the file that is handed to the visitor. */
async function saved(button: string | RegExp): Promise<{ readonly name: string; readonly file: Blob }> {
  const files: Blob[] = [];
  const names: string[] = [];
  const create = URL.createObjectURL.bind(URL);
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    files.push(blob as Blob);
    return create(blob);
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  await page.getByRole('button', { name: button }).click();
  await expect.poll(() => names.length, PATIENCE).toBe(1);
  vi.restoreAllMocks();
  return { name: names[0] ?? '', file: files.at(-1) ?? new Blob() };
}

it('gives events as CSV and Parquet that an import reads back, and everything as JSON', async () => {
  const app = await createTestApp(PACK);
  await app.visitor.add({ kind: 'like', itemId: PACK.items[0]!.id });
  await app.visitor.add({ kind: 'review', itemId: PACK.items[1]!.id, stars: 4, text: '=SUM(1) two\nlines' });
  await renderInApp(app, Exports, {});
  for (const button of ['Events as CSV', 'Events as Parquet', 'Export as JSON']) {
    const { name, file } = await saved(button);
    expect(name).toMatch(/^fairshelf-\d{4}-\d\d-\d\d\.(?:csv|parquet|json)$/);
    const { content, report } = await importFiles([blobSource(file, name)]);
    expect(report.dataset).toBe('fairshelf');
    expect(report.read.events).toBe(2);
    expect(content.reviews.map(({ text, stars }) => [text, stars])).toEqual([['=SUM(1) two\nlines', 4]]);
  }
  const { file } = await saved('Export as JSON');
  const document = JSON.parse(await file.text()) as ExportDocument;
  expect(document.events.map(({ kind }) => kind)).toEqual(['like', 'review']);
});

it('gives recommendations in the shelf’s order, whose reasons sum to the score', async () => {
  const app = await createTestApp(PACK);
  await app.recommendations.useSnapshot(
    await sealSnapshot({ ...snapshotOf(plantedFactors(ITEMS, FACTORS), FACTORS) }),
  );
  for (const at of [0, 4, 8, 12, 16]) await app.visitor.add({ kind: 'like', itemId: PACK.items[at]!.id });
  await app.recommendations.refresh(app.visitor.profile, null);
  await renderInApp(app, Exports, {});
  const { file } = await saved('Recommendations as CSV');
  const { data } = Papa.parse<Record<string, string>>((await file.text()).trim(), { header: true });
  expect(data.length).toBeGreaterThan(12);
  const shelf = app.recommendations.shelves[0]!.entries.map(({ item }) => PACK.items[item]!.id);
  expect(data.slice(0, 5).map((row) => row['item'])).toEqual(shelf.slice(0, 5));
  for (const row of data) {
    const parts = Object.entries(row).filter(([name]) => name.includes('contribution'));
    expect(parts.reduce((sum, [, part]) => sum + Number(part), 0)).toBeCloseTo(Number(row['score']), 4);
  }
  const reasons = data.flatMap((row) => [row['reason 1'], row['reason 2'], row['reason 3']]);
  expect(reasons).toContain(`'=1+1, "so"`);
  expect(reasons.map((reason) => restoreFormula(reason ?? ''))).toContain('=1+1, "so"');
});

it('gives factors with a warning where the visitor was among the data, and none where the shop trained', async () => {
  const app = await createTestApp(PACK);
  const snapshot = await sealSnapshot(snapshotOf(plantedFactors(ITEMS, FACTORS), FACTORS));
  await renderInApp(app, FactorExport, { snapshot });
  await page.getByText('Save the item factors').click();
  await expect.element(page.getByText(/^Yours alone/)).toBeVisible();
  const { name, file } = await saved('safetensors');
  expect(name).toMatch(/-ials-item-factors\.safetensors$/);
  const { tensors, metadata } = readSafetensors(new Uint8Array(await file.arrayBuffer()));
  expect(toFloats(tensors.get('item_factors')!)).toEqual(snapshot.itemFactors);
  expect(metadata.get('personal')).toBe('true');
  const ids = await saved('Ids of the rows (.txt)');
  expect((await ids.file.text()).split('\n').slice(0, -1)).toEqual(PACK.items.map(({ id }) => id));
  page.getByText('Save the item factors').element().closest('details')?.remove();

  await renderInApp(app, FactorExport, { snapshot: { ...snapshot, device: 'shop' as const } });
  await page.getByText('Save the item factors').click();
  await expect.element(page.getByText(/^Trained by the shop, without you/)).toBeVisible();
  await expect.element(page.getByText(/^Yours alone/)).not.toBeInTheDocument();
});

/** The colours of a picture, as `r,g,b` with how often each occurs. */
async function colours(
  file: Blob,
): Promise<{ readonly width: number; readonly counts: Map<string, number> }> {
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const counts = new Map<string, number>();
  for (let at = 0; at < data.length; at += 4) {
    const colour = `${data[at]},${data[at + 1]},${data[at + 2]}`;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return { width: bitmap.width, counts };
}

/** What a colour token is on this page, as `r,g,b`. */
function rgb(token: string): string {
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  context.fillStyle = getComputedStyle(probe).color;
  probe.remove();
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)].join(',');
}

for (const theme of ['light', 'dark'] as const) {
  it(`gives a chart’s picture on its background, ${theme}, and its data`, async () => {
    document.documentElement.dataset['theme'] = theme;
    const app = await createTestApp(PACK);
    await renderInApp(app, LineChart, {
      title: 'Quality @10',
      xTitle: 'Iteration',
      x: [1, 2, 3],
      lines: [
        { label: 'this model', values: [0.1, null, 0.25], token: '--series-1' },
        { label: '=popularity', values: [0.1, 0.1, 0.1], token: '--series-3', dashed: true },
      ],
      label: 'a chart',
      format: String,
    });
    const csv = await saved('Save data (CSV): Quality @10');
    expect(csv.name).toBe('fairshelf-quality-@10.csv');
    expect(await csv.file.text()).toBe(
      "Iteration,this model,'=popularity\r\n1,0.1,0.1\r\n2,,0.1\r\n3,0.25,0.1\r\n",
    );
    const { name, file } = await saved('Save picture (PNG): Quality @10');
    expect([name, file.type]).toEqual(['fairshelf-quality-@10.png', 'image/png']);
    const { width, counts } = await colours(file);
    expect(width).toBeGreaterThan(200);
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect(counts.get(rgb('--surface')) ?? 0).toBeGreaterThan(0.8 * all);
    for (const token of ['--series-1', '--series-3', '--ink']) {
      expect(counts.get(rgb(token)) ?? 0).toBeGreaterThan(10);
    }
    delete document.documentElement.dataset['theme'];
  });
}

it('gives the picture of an SVG with the looks that style sheets give it', async () => {
  const app = await createTestApp(PACK);
  const bin = { predicted: 0.3, liked: { mean: 0.4, low: 0.2, high: 0.6 }, count: 9 };
  await renderInApp(app, CalibrationChart, {
    title: 'Predicted',
    bins: [bin],
    table: () => ({ columns: ['predicted'], rows: [[0.3]] }),
    label: 'bins',
    xTitle: 'x',
    yTitle: 'y',
    format: String,
  });
  const { file } = await saved('Save picture (PNG): Predicted');
  const { counts } = await colours(file);
  expect(counts.get(rgb('--series-1')) ?? 0).toBeGreaterThan(50);
  expect(counts.get(rgb('--series-3')) ?? 0).toBeGreaterThan(50);
});
