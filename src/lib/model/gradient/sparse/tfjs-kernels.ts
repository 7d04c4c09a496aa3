/**
 * The sparse kernels as tfjs has them: registered by name for its WebGPU backend, run by `tf.engine().runKernel`.
 * What each computes stands in `rows.reference.ts` and `lazy-adam.ts`.
 */
import * as tf from '@tensorflow/tfjs-core';
import { WebGPUBackend, webgpu_util, type WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import { ADAM } from '../adam.ts';
import lazyAdamSource from './lazy-adam.wgsl?raw';
import rowSumsSource from './row-sums.wgsl?raw';
import sumRowsSource from './sum-rows.wgsl?raw';
import takeRowsSource from './take-rows.wgsl?raw';

const TAKE_ROWS = 'FairshelfTakeRows';
const SUM_ROWS = 'FairshelfSumRows';
const LAZY_ADAM = 'FairshelfLazyAdam';
const ROW_SUMS = 'FairshelfRowSums';

/** One lane a value of `shape`. */
class RowProgram implements WebGPUProgram {
  readonly workgroupSize: [number, number, number] = [64, 1, 1];
  readonly dispatchLayout: { x: number[] };
  dispatch: [number, number, number];
  /** tfjs appends ranks and types, and writes the whole back. */
  shaderKey: string;

  constructor(
    name: string,
    readonly source: string,
    readonly variableNames: string[],
    readonly uniforms: string,
    readonly outputShape: number[],
    lanes: readonly number[],
    readonly size: boolean,
  ) {
    this.shaderKey = name;
    this.dispatchLayout = webgpu_util.flatDispatchLayout([...lanes]);
    this.dispatch = webgpu_util.computeDispatch(this.dispatchLayout, [...lanes], this.workgroupSize);
  }

  getUserCode(): string {
    return this.source;
  }
}

interface KernelCall {
  readonly inputs: tf.NamedTensorInfoMap;
  readonly backend: WebGPUBackend;
  readonly attrs: tf.NamedAttrMap;
}

/** Adds the kernels to tfjs; again is no harm. */
export function registerSparseKernels(): void {
  register(TAKE_ROWS, ({ inputs, backend, attrs }) => {
    const [table, ids] = [tensor(inputs, 'table'), tensor(inputs, 'ids')];
    const columns = attribute(attrs, 'columns');
    const shape = [ids.shape[0] ?? 0, columns];
    const program = new RowProgram(
      TAKE_ROWS,
      takeRowsSource,
      ['table', 'ids'],
      'columns : i32,',
      shape,
      shape,
      true,
    );
    return backend.runWebGPUProgram(program, [table, ids], 'float32', [int(columns)]);
  });
  register(SUM_ROWS, ({ inputs, backend }) => {
    const gradient = tensor(inputs, 'gradient');
    const program = new RowProgram(
      SUM_ROWS,
      sumRowsSource,
      ['gradient', 'offsets', 'positions'],
      'columns : i32,',
      gradient.shape,
      gradient.shape,
      true,
    );
    const read = [gradient, tensor(inputs, 'offsets'), tensor(inputs, 'positions')];
    return backend.runWebGPUProgram(program, read, 'float32', [int(gradient.shape[1] ?? 0)]);
  });
  register(ROW_SUMS, ({ inputs, backend }) => {
    const values = tensor(inputs, 'values');
    const [rows = 0, columns = 0] = values.shape;
    const program = new RowProgram(
      ROW_SUMS,
      rowSumsSource,
      ['values'],
      'columns : i32,',
      [rows],
      [rows],
      true,
    );
    return backend.runWebGPUProgram(program, [values], 'float32', [int(columns)]);
  });
  if (!(tf.getGradient(ROW_SUMS) as tf.GradConfig | undefined)) {
    tf.registerGradient({
      kernelName: ROW_SUMS,
      inputsToSave: ['values'],
      gradFunc: (dy, [values]) => ({
        values: () => tf.broadcastTo(tf.reshape(dy as tf.Tensor, [-1, 1]), values?.shape ?? []),
      }),
    });
  }
  register(LAZY_ADAM, ({ inputs, backend, attrs }) => {
    const state = tensor(inputs, 'state');
    const gradient = tensor(inputs, 'gradient');
    // A program without lanes is no valid dispatch; tfjs itself looks at the output's size alone.
    if (tf.util.sizeFromShape(gradient.shape) === 0) return state;
    const program = new RowProgram(
      LAZY_ADAM,
      lazyAdamSource,
      ['gradient', 'rows', 'corrections'],
      'columns : i32, gradientSize : i32, tableSize : i32, ' +
        'learningRate : f32, beta1 : f32, beta2 : f32, rest2 : f32, epsilon : f32,',
      state.shape,
      gradient.shape,
      false,
    );
    const read = [gradient, tensor(inputs, 'rows'), tensor(inputs, 'corrections')];
    const uniforms = [
      int(gradient.shape[1] ?? 0),
      int(tf.util.sizeFromShape(gradient.shape)),
      int(tf.util.sizeFromShape(state.shape) / 3),
      float(attribute(attrs, 'learningRate')),
      float(ADAM.beta1),
      float(ADAM.beta2),
      // in 32 bits 1 − β2 would have four digits left
      float(1 - ADAM.beta2),
      float(ADAM.epsilon),
    ];
    return backend.runWebGPUProgram(program, read, 'float32', uniforms, state);
  });
}

/** Rows of a table for each place of a batch: places × columns. `table` is row-major in its first values. */
export function takeRows(table: tf.Tensor, columns: number, ids: tf.Tensor1D): tf.Tensor2D {
  return tf.engine().runKernel(TAKE_ROWS, { table, ids }, { columns });
}

/** The row-sparse gradient of `takeRows`, groups × columns; as `sumRowsReference`. */
export function sumRows(gradient: tf.Tensor2D, offsets: tf.Tensor1D, positions: tf.Tensor1D): tf.Tensor2D {
  return tf.engine().runKernel(SUM_ROWS, { gradient, offsets, positions });
}

/** Sum of each row, differentiable: what `tf.sum(values, 1)` is. */
export function rowSums(values: tf.Tensor2D): tf.Tensor1D {
  return tf.engine().runKernel(ROW_SUMS, { values });
}

/**
 * Steps the rows of a batch **in place**: `state` (values, first and second moments, one after another) must be
 * nobody else's, since tfjs's clones share memory. `corrections` as of `countSteps`.
 */
export function lazyAdam(
  state: tf.Tensor1D,
  gradient: tf.Tensor2D,
  rows: tf.Tensor1D,
  corrections: tf.Tensor1D,
  learningRate: number,
): void {
  tf.engine().runKernel(LAZY_ADAM, { state, gradient, rows, corrections }, { learningRate });
}

function register(kernelName: string, run: (call: KernelCall) => tf.TensorInfo): void {
  if (tf.getKernel(kernelName, 'webgpu') as tf.KernelConfig | undefined) return;
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, backend, attrs }) => {
      if (!(backend instanceof WebGPUBackend)) throw new Error(`${kernelName} runs on WebGPU.`);
      return run({ inputs, backend, attrs: attrs ?? {} });
    },
  });
}

function tensor(inputs: tf.NamedTensorInfoMap, name: string): tf.TensorInfo {
  const found = inputs[name];
  if (found === undefined) throw new Error(`The kernel was given no ${name}.`);
  return found;
}

function attribute(attrs: tf.NamedAttrMap, name: string): number {
  return attrs[name] as number;
}

function int(value: number): { type: string; data: number[] } {
  return { type: 'int32', data: [value] };
}

function float(value: number): { type: string; data: number[] } {
  return { type: 'float32', data: [value] };
}
