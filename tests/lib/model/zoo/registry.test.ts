import { describe, expect, it } from 'vitest';
import { MODEL_NAMES, MODEL_TASKS } from '../../../../src/lib/model/zoo/model.ts';
import { modelAdapter } from '../../../../src/lib/model/zoo/registry.ts';

describe('the registry', () => {
  it.each(MODEL_NAMES)(
    '%s is under its name, with the task that is told before it is loaded',
    async (name) => {
      const adapter = await modelAdapter(name);
      expect(adapter.name).toBe(name);
      expect(adapter.task).toBe(MODEL_TASKS[name]);
    },
  );

  it('names what there is where a model is unknown', async () => {
    await expect(modelAdapter('deep-magic')).rejects.toMatchObject({
      code: 'input-invalid',
      values: { model: 'deep-magic' },
      remedy: expect.stringContaining('popularity') as string,
    });
    expect(new Set(MODEL_NAMES).size).toBe(MODEL_NAMES.length);
  });
});
