import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../lib/errors.ts';
import { fitModel, modelAdapter, valuesOf, writeModel } from '../../lib/model/index.ts';
import { withDevice } from '../evaluate/device.ts';
import { parseFitOptions, text, type ModelOptions } from '../evaluate/options.ts';
import { progressLines, tuned } from '../evaluate/search.ts';
import type { CommandLineOutput } from '../output.ts';
import { loadData } from '../sources/load-data.ts';

export const MODEL_FILE = 'model.safetensors';
export const IDS_FILE = 'ids.json';

/** `fairshelf train`: fits a model on all of the data and writes it with its ids to a folder. */
export async function train(options: ModelOptions, output: CommandLineOutput): Promise<void> {
  const plan = parseFitOptions(options);
  const folder = text('save', options.save);
  const adapter = await modelAdapter(plan.model);
  output.err('Reading the data …');
  const data = await loadData([plan.train], plan.format, plan.scale);
  const [part] = data.parts;
  if (part === undefined) throw new AppError('internal', 'Nothing was read.');
  if (part.duplicates > 0) output.err(`${part.duplicates} repeated pairs; the latest of each counts.`);
  const values = valuesOf(part.dataset.matrix);
  await withDevice(plan.device, output, async (device) => {
    const request = { plan, adapter, train: part.dataset, values, device };
    const hyperparameters = await tuned(request, output);
    const { model, fitSeconds } = await fitModel({
      ...request,
      hyperparameters,
      seed: plan.seed,
      onProgress: progressLines(output),
    });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, MODEL_FILE), await writeModel(model.save()));
    writeFileSync(join(folder, IDS_FILE), JSON.stringify({ version: 1, items: data.items }));
    const done = { model: plan.model, folder, fitSeconds, hyperparameters: model.hyperparameters };
    output.out(
      plan.json ? JSON.stringify(done) : `${plan.model} written to ${folder} (${fitSeconds.toFixed(2)} s)`,
    );
  });
}
