import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromHalf,
  readSafetensors,
  tensorOfValues,
  toFloats,
  writeSafetensors,
  type Tensor,
} from '../../src/lib/safetensors.ts';

/** A file by its header as text and its data. */
function fileOf(header: string, data: readonly number[] = []): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

describe('safetensors', () => {
  it('gives back tensors and metadata, whatever the names', () => {
    const name = fc
      .string({ unit: 'grapheme' })
      .filter((text) => text !== '__metadata__' && text !== '__proto__');
    const values = fc.float32Array({ noNaN: true, maxLength: 20 });
    fc.assert(
      fc.property(fc.dictionary(name, values), fc.dictionary(name, fc.string()), (arrays, about) => {
        const tensors = new Map<string, Tensor>(
          Object.entries(arrays).map(([key, array]) => {
            const own = new Float32Array(array);
            return [key, tensorOfValues([own.length], own)];
          }),
        );
        const metadata = new Map(Object.entries(about));
        const back = readSafetensors(writeSafetensors({ metadata, tensors }));
        expect(back.metadata).toEqual(metadata);
        expect([...back.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
        for (const [key, tensor] of back.tensors)
          expect(toFloats(tensor)).toEqual(new Float32Array(arrays[key]!));
      }),
    );
  });

  it('begins its data at a multiple of 8, as the format recommends', () => {
    const tensors = new Map([['äöü', tensorOfValues([1], Float32Array.of(1))]]);
    const file = writeSafetensors({ metadata: new Map(), tensors });
    expect(Number(new DataView(file.buffer).getBigUint64(0, true)) % 8).toBe(0);
  });

  it('reads what the reference implementation writes', () => {
    // safetensors.numpy.save({"x": np.array([[1, 2]], dtype=np.float16)}, {"format": "np"})
    const file = fileOf(
      '{"__metadata__":{"format":"np"},"x":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]}}   ',
      [0x00, 0x3c, 0x00, 0x40],
    );
    const { metadata, tensors } = readSafetensors(file);
    expect(metadata.get('format')).toBe('np');
    expect(toFloats(tensors.get('x')!)).toEqual(Float32Array.of(1, 2));
  });

  it.each([
    [0x0000, 0],
    [0x0001, 2 ** -24],
    [0x03ff, (1023 / 1024) * 2 ** -14],
    [0x3c00, 1],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0xc000, -2],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('knows the half %i', (bits, value) => {
    expect(fromHalf(bits)).toBe(value);
  });

  it('reads brain floats, doubles and whole numbers', () => {
    const file = fileOf(
      JSON.stringify({
        b: { dtype: 'BF16', shape: [1], data_offsets: [0, 2] },
        d: { dtype: 'F64', shape: [1], data_offsets: [2, 10] },
        i: { dtype: 'I8', shape: [2], data_offsets: [10, 12] },
      }),
      [0xc0, 0x3f, 0, 0, 0, 0, 0, 0, 0x04, 0xc0, 0xff, 0x7f],
    );
    const { tensors } = readSafetensors(file);
    expect(toFloats(tensors.get('b')!)).toEqual(Float32Array.of(1.5));
    expect(toFloats(tensors.get('d')!)).toEqual(Float32Array.of(-2.5));
    expect(toFloats(tensors.get('i')!)).toEqual(Float32Array.of(-1, 127));
  });

  it('leaves out tensors of number formats that it does not know', () => {
    const file = fileOf(
      '{"x":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}',
      new Array<number>(8).fill(0),
    );
    expect(readSafetensors(file).tensors.size).toBe(0);
  });

  it.each([
    ['nothing', new Uint8Array(0), 'length'],
    ['a header longer than the file', fileOf('{}').subarray(0, 9), 'header'],
    ['no JSON', fileOf('{x'), 'header'],
    ['a list', fileOf('[]'), 'header'],
    ['metadata that is no object', fileOf('{"__metadata__":3}'), '__metadata__'],
    ['a negative size', fileOf('{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}'), 'x'],
    ['too little data', fileOf('{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', [1]), 'x'],
    [
      'sizes that do not fit',
      fileOf('{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', [1, 2, 3, 4]),
      'x',
    ],
    ['a tensor that is null', fileOf('{"x":null}'), 'x'],
  ])('refuses %s', (_name, file, place) => {
    expect(() => readSafetensors(file)).toThrow(
      expect.objectContaining({ code: 'import-invalid', values: { place } }),
    );
  });

  it('refuses or reads every change of a byte of the header, and never crashes', () => {
    const tensors = new Map([['x', tensorOfValues([2], Float32Array.of(1, 2))]]);
    const file = writeSafetensors({ metadata: new Map([['a', 'b']]), tensors });
    for (let at = 0; at < file.length - 8; at++) {
      const changed = file.slice();
      changed[at]! ^= 0x15;
      try {
        readSafetensors(changed);
      } catch (error) {
        expect(error).toMatchObject({ code: 'import-invalid' });
      }
    }
  });
});
