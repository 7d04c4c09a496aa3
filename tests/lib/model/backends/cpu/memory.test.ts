import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelMemory } from '../../../../../src/lib/model/backends/cpu/memory.ts';

describe('KernelMemory', () => {
  it('never gives out the same byte twice, and takes everything back', () => {
    const step = fc.oneof(
      fc.record({ take: fc.integer({ min: 0, max: 300_000 }) }),
      fc.record({ give: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = new KernelMemory();
        const held: { address: number; size: number }[] = [];
        for (const action of steps) {
          if ('take' in action) {
            const address = memory.allocate(action.take);
            expect(address % 16).toBe(0);
            expect(address + action.take).toBeLessThanOrEqual(memory.memory.buffer.byteLength);
            for (const other of held) {
              const apart = address + action.take <= other.address || other.address + other.size <= address;
              expect(apart).toBe(true);
            }
            held.push({ address, size: action.take });
          } else if (held.length > 0) {
            const [freed] = held.splice(action.give % held.length, 1);
            memory.free(freed!.address);
            memory.free(freed!.address);
          }
        }
        for (const { address } of held) memory.free(address);
        expect(memory.bytes).toBe(0);
        // all joined again: the first block is back at the start
        expect(memory.allocate(1)).toBe(new KernelMemory().allocate(1));
      }),
    );
  });

  it('says so when it is full', () => {
    const memory = new KernelMemory();
    expect(() => memory.allocate(2 ** 33)).toThrow(expect.objectContaining({ code: 'gpu-out-of-memory' }));
    expect(memory.bytes).toBe(0);
  });
});
