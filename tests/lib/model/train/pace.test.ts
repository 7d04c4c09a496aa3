import { describe, expect, it } from 'vitest';
import { Pace } from '../../../../src/lib/model/train/pace.ts';

describe('Pace', () => {
  it('counts the seconds before a resume too', () => {
    let now = 1_000;
    const pace = new Pace(7, () => now);
    now += 2_500;
    expect(pace.seconds).toBe(9.5);
  });

  it('asks for a checkpoint after the first iteration, then every two seconds', () => {
    let now = 0;
    const pace = new Pace(0, () => now);
    expect(pace.checkpointDue).toBe(true);
    pace.checkpointed();
    now = 1_999;
    expect(pace.checkpointDue).toBe(false);
    now = 2_000;
    expect(pace.checkpointDue).toBe(true);
    pace.checkpointed();
    expect(pace.checkpointDue).toBe(false);
  });

  it('evaluates at once, then rests three times as long as it took', async () => {
    let now = 0;
    const pace = new Pace(0, () => now);
    expect(pace.evaluationDue).toBe(true);
    await pace.evaluate(() => {
      now += 100;
    });
    now += 299;
    expect(pace.evaluationDue).toBe(false);
    now += 1;
    expect(pace.evaluationDue).toBe(true);
  });

  it('estimates what is left from the mean iteration', () => {
    let now = 0;
    const pace = new Pace(100, () => now);
    now = 1_000;
    expect(pace.iterated(9)).toEqual({ secondsLeft: 9 });
    now = 4_000;
    expect(pace.iterated(8)).toEqual({ secondsLeft: 16 });
  });
});
