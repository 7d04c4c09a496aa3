import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import { readAdvanced, shouldAutoTrain } from '../../../src/routes/state/training-plan.ts';

const READY = {
  enabled: true,
  communityStored: true,
  events: 1,
  hasFreshSnapshot: false,
  hasCheckpoint: false,
  stopped: false,
};

describe('training on its own', () => {
  it('begins once there is something to learn from', () => {
    expect(shouldAutoTrain(READY)).toBe(true);
    expect(shouldAutoTrain({ ...READY, events: 0 })).toBe(false);
    expect(shouldAutoTrain({ ...READY, communityStored: false })).toBe(false);
    expect(shouldAutoTrain({ ...READY, hasFreshSnapshot: true })).toBe(false);
  });

  it('goes on with an interrupted run even beside a model and without events', () => {
    expect(shouldAutoTrain({ ...READY, hasCheckpoint: true, hasFreshSnapshot: true, events: 0 })).toBe(true);
  });

  it('respects the setting, and a run that failed or was cancelled', () => {
    expect(shouldAutoTrain({ ...READY, enabled: false, hasCheckpoint: true })).toBe(false);
    expect(shouldAutoTrain({ ...READY, stopped: true, hasCheckpoint: true })).toBe(false);
  });
});

describe('advanced settings', () => {
  it('leaves empty fields to the model', () => {
    expect(readAdvanced({ factors: '', iterations: '  ' })).toEqual({});
    expect(readAdvanced({ factors: ' 64 ', iterations: '12' })).toEqual({ factors: 64, iterations: 12 });
  });

  it.each(['0', '1', '257', '-3', '2.5', '1e2', 'NaN', '٣', '99999999'])('refuses %s factors', (factors) => {
    let thrown: unknown;
    try {
      readAdvanced({ factors, iterations: '' });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AppError);
    expect((thrown as AppError).code).toBe('hyperparameter-invalid');
    expect((thrown as AppError).values).toMatchObject({ name: 'factors', value: factors, min: 2, max: 256 });
  });
});
