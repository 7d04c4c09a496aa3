/**
 * A WebAssembly module put together byte by byte, so that measuring needs no compiler: one export `run(rounds: i32)
 * → f32`, a loop over CHAINS independent chains a ← a · m + c on four lanes. Encodings are those of the WebAssembly
 * core specification 2.0, chapter 5 (binary format).
 */

/**
 * Independent chains. A multiplication and the addition that waits for it take some 8 cycles, in which a core begins
 * 16 of them: 8 chains are the least that keep it busy, and 12 with their two constants fit 16 vector registers.
 */
const CHAINS = 12;
/** Steps of each chain in a round: makes the loop's own counting small. */
const STEPS = 8;
const LANES = 4;

/** Multiplications and additions of one round. */
export const FLOPS_PER_ROUND = CHAINS * STEPS * LANES * 2;

const I32 = 0x7f;
const F32 = 0x7d;
const V128 = 0x7b;
const FUNCTION = 0x60;
const EMPTY_BLOCK = 0x40;
const SECTION = { type: 1, function: 3, export: 7, code: 10 } as const;

/** Local variables: the parameter, then the constants m and c, then the chains. */
const ROUNDS = 0;
const FACTOR = 1;
const SUMMAND = 2;
const FIRST_CHAIN = 3;

const CODE = {
  loop: [0x03, EMPTY_BLOCK],
  end: [0x0b],
  branchIf: [0x0d],
  localGet: [0x20],
  localSet: [0x21],
  localTee: [0x22],
  i32Const: [0x41],
  i32Sub: [0x6b],
  f32Const: [0x43],
  f32x4Splat: [0xfd, 0x13],
  f32x4ExtractLane: [0xfd, 0x1f],
  f32x4Add: [0xfd, 0xe4, 0x01],
  f32x4Mul: [0xfd, 0xe6, 0x01],
} as const;

/** The module's bytes. */
export function arithmeticModule(): Uint8Array<ArrayBuffer> {
  const signature = [FUNCTION, ...vector([[I32]]), ...vector([[F32]])];
  const name = [...new TextEncoder().encode('run')];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d], // "\0asm"
    ...[0x01, 0x00, 0x00, 0x00], // version 1
    ...section(SECTION.type, vector([signature])),
    ...section(SECTION.function, vector([[0]])),
    ...section(SECTION.export, vector([[name.length, ...name, 0x00, 0]])),
    ...section(SECTION.code, vector([sized(body())])),
  ]);
}

function body(): number[] {
  const locals = vector([[FIRST_CHAIN - 1 + CHAINS, V128]]);
  const chains = Array.from({ length: CHAINS }, (_, chain) => FIRST_CHAIN + chain);
  // a → a / 2 + 1 stays near 2 for ever: no overflow, and no denormal numbers, which are slow
  const start = [...splat(0.5), ...CODE.localSet, FACTOR, ...splat(1), ...CODE.localSet, SUMMAND];
  const steps = Array.from({ length: STEPS }, () => chains.flatMap(step)).flat();
  const countDown = [
    ...[...CODE.localGet, ROUNDS, ...CODE.i32Const, 1, ...CODE.i32Sub],
    ...[...CODE.localTee, ROUNDS, ...CODE.branchIf, 0],
  ];
  // every chain must reach the result, or a compiler may leave it out
  const sum = chains.flatMap((chain, at) => [...CODE.localGet, chain, ...(at === 0 ? [] : CODE.f32x4Add)]);
  return [
    ...locals,
    ...start,
    ...[...CODE.loop, ...steps, ...countDown, ...CODE.end],
    ...sum,
    ...[...CODE.f32x4ExtractLane, 0],
    ...CODE.end,
  ];
}

function step(chain: number): number[] {
  return [
    ...[...CODE.localGet, chain, ...CODE.localGet, FACTOR, ...CODE.f32x4Mul],
    ...[...CODE.localGet, SUMMAND, ...CODE.f32x4Add, ...CODE.localSet, chain],
  ];
}

function splat(value: number): number[] {
  return [...CODE.f32Const, ...new Uint8Array(Float32Array.of(value).buffer), ...CODE.f32x4Splat];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}

function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}

function vector(elements: readonly (readonly number[])[]): number[] {
  return [...unsigned(elements.length), ...elements.flat()];
}

/** LEB128. */
function unsigned(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}
