import { expect, it } from 'vitest';
import { countVisibleTime } from '../../../src/routes/product/visible-time.ts';

class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';

  turn(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

function start(page: FakePage): { reports: number[]; end: () => void; at: (seconds: number) => void } {
  let now = 0;
  const reports: number[] = [];
  const end = countVisibleTime((seconds) => reports.push(seconds), {
    document: page as unknown as Document,
    now: () => now,
  });
  return { reports, end, at: (seconds) => (now = seconds * 1000) };
}

it('counts only while the page is visible', () => {
  const page = new FakePage();
  const { reports, end, at } = start(page);
  at(12);
  page.turn('hidden');
  at(600);
  page.turn('visible');
  at(615);
  end();
  expect(reports).toEqual([12, 15]);
});

it('reports nothing twice and nothing after its end', () => {
  const page = new FakePage();
  const { reports, end, at } = start(page);
  at(3);
  page.turn('hidden');
  page.turn('hidden');
  end();
  page.turn('visible');
  expect(reports).toEqual([3]);
});

it('does not count a page that was opened in the background', () => {
  const page = new FakePage();
  page.visibilityState = 'hidden';
  const { reports, end, at } = start(page);
  at(50);
  end();
  expect(reports).toEqual([]);
});
