import { BUFFER_USAGE, MAP_MODE_READ } from './constants.ts';

/** Dispatches that can be timed between two readings; later ones are not. Well above what a batch of rows submits. */
const SLOTS = 256;
const QUERY_BYTES = BigUint64Array.BYTES_PER_ELEMENT;
const NANOSECONDS = 1e6;

/** How long one dispatch ran on the device. */
export interface DispatchTime {
  /** kernel/entry point. */
  readonly name: string;
  readonly milliseconds: number;
}

/**
 * Times dispatches by the clock of the device (`timestamp-query`): what a driver's watchdog looks at, without the way
 * there and back. A browser may round to 0.1 ms.
 */
export class DispatchClock {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  readonly #ticks: GPUBuffer;
  #names: string[] = [];

  private constructor(device: GPUDevice) {
    this.#device = device;
    this.#queries = device.createQuerySet({ label: 'dispatch-clock', type: 'timestamp', count: 2 * SLOTS });
    this.#ticks = device.createBuffer({
      label: 'dispatch-clock',
      size: 2 * SLOTS * QUERY_BYTES,
      usage: BUFFER_USAGE.QUERY_RESOLVE | BUFFER_USAGE.COPY_SRC,
    });
  }

  /** null for a device that has no clock. */
  static of(device: GPUDevice): DispatchClock | null {
    return device.features.has('timestamp-query') ? new DispatchClock(device) : null;
  }

  /** What a pass of one dispatch is to be made with; nothing where all slots are taken. */
  slot(name: string): Pick<GPUComputePassDescriptor, 'timestampWrites'> {
    const slot = this.#names.length;
    if (slot === SLOTS) return {};
    this.#names.push(name);
    return {
      timestampWrites: {
        querySet: this.#queries,
        beginningOfPassWriteIndex: 2 * slot,
        endOfPassWriteIndex: 2 * slot + 1,
      },
    };
  }

  /** Waits for the dispatches since the last reading and resolves to their times, in their order. */
  async read(): Promise<readonly DispatchTime[]> {
    const names = this.#names;
    this.#names = [];
    if (names.length === 0) return [];
    const bytes = 2 * names.length * QUERY_BYTES;
    const staging = this.#device.createBuffer({
      label: 'dispatch-clock/read',
      size: bytes,
      usage: BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST,
    });
    try {
      const encoder = this.#device.createCommandEncoder({ label: 'dispatch-clock' });
      encoder.resolveQuerySet(this.#queries, 0, 2 * names.length, this.#ticks, 0);
      encoder.copyBufferToBuffer(this.#ticks, 0, staging, 0, bytes);
      this.#device.queue.submit([encoder.finish()]);
      await staging.mapAsync(MAP_MODE_READ);
      const ticks = new BigUint64Array(staging.getMappedRange());
      return names.map((name, slot) => {
        // the specification lets clocks go back, as they do where a device was asleep
        const nanoseconds = (ticks[2 * slot + 1] ?? 0n) - (ticks[2 * slot] ?? 0n);
        return { name, milliseconds: Math.max(0, Number(nanoseconds) / NANOSECONDS) };
      });
    } finally {
      staging.destroy();
    }
  }

  destroy(): void {
    this.#queries.destroy();
    this.#ticks.destroy();
  }
}

/** The longest of some dispatches; null for none. */
export function longestOf(times: readonly DispatchTime[]): DispatchTime | null {
  return times.reduce<DispatchTime | null>(
    (longest, time) => (longest === null || time.milliseconds > longest.milliseconds ? time : longest),
    null,
  );
}
