import type { DeviceKind, InteractionColumns } from '../../types.ts';
import { strengthMatrix } from '../matrix/interactions.ts';
import { closeDevice } from '../train/devices.ts';
import { openBenchDevice } from './device.ts';
import { benchSuite } from './suite.ts';
import { syntheticMatrix } from './synthetic.ts';
import type { BenchData, BenchResult, BenchSuite } from './types.ts';

const SYNTHETIC_SEED = 1;

/** One measurement, as a page asks a worker for it: nothing in it but plain data. */
export interface BenchOrder {
  readonly suite: BenchSuite;
  readonly device: DeviceKind;
  /** Threads of the CPU engine; 1 for WebGPU. */
  readonly threads: number;
  readonly data:
    | { readonly type: 'synthetic'; readonly interactions: number }
    | { readonly type: 'columns'; readonly name: string; readonly interactions: InteractionColumns };
  readonly factors: number;
  /** Of implicit ALS on the CPU: steps of conjugate gradients a row, 0 for exact solves. */
  readonly cgSteps: number;
  readonly runs: number;
  /** Items of the fold-in suite. */
  readonly items: number;
}

/** What a measurement tells while it goes on. */
export type BenchProgress =
  | { readonly type: 'ceiling' }
  | { readonly type: 'run'; readonly run: number; readonly milliseconds: number };

export interface BenchOrderOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BenchProgress) => void;
}

/** Opens the device, measures (a result for each way in which the suite answers) and closes it again. Rejects as `openBenchDevice` and the suites do. */
export async function benchOrder(
  order: BenchOrder,
  { signal, onProgress = () => undefined }: BenchOrderOptions = {},
): Promise<readonly BenchResult[]> {
  const data = benchData(order.data);
  onProgress({ type: 'ceiling' });
  const device = await openBenchDevice({ kind: order.device, threads: order.threads });
  try {
    const request = {
      device,
      data,
      factors: order.factors,
      cgSteps: order.cgSteps,
      runs: order.runs,
      onRun: (run: number, milliseconds: number): void => {
        onProgress({ type: 'run', run, milliseconds });
      },
      ...(signal === undefined ? {} : { signal }),
    };
    return await benchSuite(order.suite, request, { items: order.items, untrained: false });
  } finally {
    closeDevice(device);
  }
}

function benchData(data: BenchOrder['data']): BenchData {
  return data.type === 'synthetic'
    ? {
        name: `synthetic:${data.interactions}`,
        strengths: syntheticMatrix(data.interactions, SYNTHETIC_SEED),
      }
    : { name: data.name, strengths: strengthMatrix(data.interactions, null) };
}
