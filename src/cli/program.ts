import { cac, type CAC, type Command } from 'cac';
import { AppError } from '../lib/errors.ts';
import { bench } from './bench/bench.ts';
import { parseBenchOptions, type BenchOptions } from './bench/options.ts';
import { demoPackContent, DEMO_SEED } from './demo-pack/demo-pack.ts';
import { evaluate } from './evaluate/evaluate.ts';
import type { ModelOptions } from './evaluate/options.ts';
import { EXIT, exitCodeOf, explain } from './exit.ts';
import { experiment, type ExperimentCommandOptions } from './experiment.ts';
import { MODEL_NAMES } from '../lib/model/index.ts';
import type { CommandLineOutput } from './output.ts';
import { packFiles, type PackOptions } from './pack/pack.ts';
import { verifyPackFolder, writePackFolder, type VerifiedPack } from './pack-folder.ts';
import { recommend, type RecommendOptions } from './recommend/recommend.ts';
import { sentiment } from './sentiment/sentiment.ts';
import type { SentimentOptions } from './sentiment/options.ts';
import { train } from './train/train.ts';

const NUMBER = new Intl.NumberFormat('en');

/**
 * Runs `fairshelf` with the arguments of a process (the first two are ignored) and returns its exit code: 0, 2
 * for bad input or options, 1 for anything else. Never throws.
 */
export async function runCommandLine(argv: readonly string[], output: CommandLineOutput): Promise<number> {
  const program = commands(output);
  try {
    program.parse([...argv], { run: false });
    if (program.options['help'] === true) return EXIT.done;
    if (program.matchedCommand === undefined) throw unknownCommand(program.args[0]);
    await program.runMatchedCommand();
    return EXIT.done;
  } catch (error) {
    output.err(explain(error));
    return exitCodeOf(error);
  }
}

function commands(output: CommandLineOutput): CAC {
  const program = cac('fairshelf');
  program
    .command('pack [...paths]', 'Write a shop pack from files and folders, or check one: pack verify FOLDER')
    .option('--items <file>', 'A table of products; may come again')
    .option('--events <file>', 'A table of ratings, orders or other events; may come again')
    .option('--reviews <file>', 'A table of reviews; may come again')
    .option('--map <file>', 'JSON that says which column is what (see --print-map)')
    .option('--print-map', 'Print how the files would be read, as a map to correct')
    .option('--on-problem <policy>', 'At a row that cannot be read: skip or stop (default: skip)')
    .option('--k-core <count>', 'Leave out users and products with fewer events (default: 0, none)')
    .option('--allow-reviews', 'Keep what shoppers wrote')
    .option('--id <key>', 'Key of the pack (default: from the content)')
    .option('--name <text>', 'Name of the shop')
    .option('--report <file>', 'Write the import report as JSON')
    .option('--out <folder>', 'Where to write the pack')
    .option('--share <what>', 'events, or factors: only what was trained on them')
    .option('--train', 'Train item factors for devices that only fold in')
    .option(
      '--factors <file>',
      'Item factors trained elsewhere: npy, npz, Parquet, safetensors, word2vec text',
    )
    .option('--factor-ids <file>', 'Ids of their rows, one a line')
    .option('--alpha <number>', 'Confidence they were trained with (default: 40)')
    .option('--regularization <number>', 'The λ they were trained with (default: 0.01)')
    .option('--frequency-scaling <number>', '0: λ as it is (implicit); 1: times events (Spark)')
    .option('--max-bytes <count>', 'Size budget: 8-bit factors, then fewer, until the pack fits')
    .option('--min-events <count>', 'Leave out shoppers with fewer events')
    .option('--k-anonymity <count>', 'Leave out events on items of fewer shoppers')
    .option('--coarsen-days <count>', 'Round days down to multiples of so many')
    .option('--seed <number>', 'Of the shuffled order of shoppers (default: drawn and forgotten)')
    .example('fairshelf pack ml-latest-small --out my-pack')
    .example('fairshelf pack --items items.csv --events orders.csv --out my-pack')
    .example('fairshelf pack verify my-pack')
    .action(async (paths: readonly string[], options: PackOptions) => {
      if (paths[0] === 'verify') {
        report(await verifyPackFolder(onlyFolder(paths.slice(1))), output);
        return;
      }
      const pack = await packFiles(paths, options, output);
      if (pack !== null) report(pack, output);
    });
  program
    .command('demo-pack', 'Write the demo pack: a hand-written catalogue and a simulated community')
    .option('--out <folder>', 'Where to write the pack')
    .action(async (options: PackOptions) => {
      const folder = textOption(options.out, 'out');
      output.err('Simulating the community …');
      report(await writePackFolder(folder, demoPackContent(DEMO_SEED)), output);
    });
  program
    .command('bench', 'Measure the engines on this machine, next to what the machine does at best')
    .option('--suite <name>', 'als, topk, foldin, ease, gradient, or quality')
    .option('--device <name>', 'cpu or webgpu (default: cpu)')
    .option('--data <source>', 'lightgcn:PATH, movielens:PATH or synthetic:INTERACTIONS')
    .option('--factors <count>', 'Latent dimensions (default: 64)')
    .option('--threads <count>', 'Threads of the CPU engine (default: 1)')
    .option('--solver <name>', 'Of als: exact, or cg, some steps of conjugate gradients (default: exact)')
    .option('--runs <count>', 'Measured runs, at least 5')
    .option('--items <count>', 'Items of the fold-in suite (default: 100000)')
    .option('--untrained', 'Random factors in the ranking suite, of which least can be ruled out')
    .option('--validation', 'Quality on a part cut from train, by 1, 2 and 3 steps: to choose by')
    .option('--reference <name>', 'Of quality: plain (64 bits, slow), exact, or auto by size (default: auto)')
    .option('--sweep', 'Time against interactions (or items) and against factors')
    .option('--max-interactions <count>', 'Where a sweep ends (default: 20000000, or what memory allows)')
    .option('--max-factors <count>', 'Where a sweep ends (default: 512)')
    .option('--json', 'One line of JSON a result')
    .example('fairshelf bench --suite als --data lightgcn:gowalla --factors 64')
    .action((options: BenchOptions) => bench(parseBenchOptions(options), output));
  program
    .command('experiment', 'Train both models of the article on a planted matrix, beside the Bayes floor')
    .option('--model <name>', 'logistic or ncf (default: both)')
    .option('--seed <number>', 'Of the matrix and of training (default: 1)')
    .option('--size <count>', 'Users, and items (default: 1000)')
    .option('--deviation <number>', 'Standard deviation of the planted log-odds (default: 400)')
    .option('--epochs <count>', 'Passes over the observed half (default: 100)')
    .option('--goal <log-loss>', 'Held-out log-loss to be reached (default: 0.044)')
    .option('--json', 'One line of JSON, with the whole curves')
    .action((options: ExperimentCommandOptions) => experiment(options, output));
  fitOptions(program.command('evaluate', 'Fit a model and measure it on data it has not seen'))
    .option('--test <file>', 'Test part, in the same format')
    .option('--folds <folder>', 'Folds given as u1.base, u1.test, u2.base …')
    .option(
      '--split <kind>',
      'random, kfold, leave-k, time or users, as in random:0.2, kfold:5, leave-k:1 (default: random)',
    )
    .example(
      'fairshelf evaluate --train gowalla/train.txt --test gowalla/test.txt --format lightgcn --model ease',
    )
    .action((options: ModelOptions) => evaluate(options, output));
  fitOptions(program.command('train', 'Fit a model on all of the data and keep it'))
    .option('--save <folder>', 'Where to write the model')
    .action((options: ModelOptions) => train(options, output));
  program
    .command('sentiment', 'Learn what reviews say from labelled ones, and measure it')
    .option('--reviews <file>', 'CSV with a header, or lines of text, tab and label; may come again')
    .option('--text <column>', 'Column of the text (default: as its name tells)')
    .option('--label <column>', 'Column of the label, 0 or 1 (default: as its name tells)')
    .option('--group <column>', 'Column of the category (default: as its name tells)')
    .option('--stars', 'Labels are 1 to 5 stars')
    .option('--cross-validate <folds>', 'Measure on folds in turn (default: on a fifth)')
    .option('--leave-category-out', 'Measure on each category without it in training, too')
    .option('--features <count>', 'Features kept, those of greatest chi-squared (default: 10000)')
    .option('--regularization <number>', 'Of the logistic regression (default: 0.3)')
    .option('--seed <number>', 'Default: 1')
    .option('--out <folder>', 'Where to write the model')
    .option('--pack <folder>', 'Pack to add the model to')
    .option('--json', 'One line of JSON a language')
    .example('fairshelf sentiment --reviews reviews.csv --leave-category-out --pack my-pack')
    .action((options: SentimentOptions) => sentiment(options, output));
  program
    .command('recommend', 'Recommend from a history with a kept model')
    .option('--model <folder>', 'What train --save wrote')
    .option('--history <file>', 'A line an item, optionally with a strength')
    .option('--k <count>', 'How many (default: 20)')
    .option('--explain', 'Name what each recommendation is because of')
    .option('--json', 'One line of JSON')
    .action((options: RecommendOptions) => recommend(options, output));
  program.help();
  return program;
}

/** What `evaluate` and `train` have in common. */
function fitOptions(command: Command): Command {
  return command
    .option('--train <file>', 'Train part, or all of the data')
    .option('--format <name>', 'lightgcn, movielens, csv or jsonl')
    .option('--scale <range>', 'Rating scale, as in 1:5 (default: what train shows)')
    .option(
      '--features <file>',
      'Item categories, for logreg and deep (default: the genres beside MovieLens)',
    )
    .option('--model <name>', MODEL_NAMES.join(', '))
    .option('--set <assignment>', 'A hyper-parameter, as in factors=64; may come again')
    .option('--tune', 'Search hyper-parameters on a validation part of train')
    .option(
      '--tune-state <file>',
      'Keeps the search: after Ctrl-C the same command goes on (train: SAVE/tune.json)',
    )
    .option('--budget <time>', 'How long to search, over all sittings (default: 10m)')
    .option('--trials <count>', 'How many choices to draw at most (default: 30)')
    .option('--seed <number>', 'Default: 1')
    .option('--device <name>', 'auto, webgpu or cpu (default: auto)')
    .option('--k <count>', 'Length of the lists (default: 20)')
    .option('--json', 'One line of JSON');
}

function onlyFolder(folders: readonly string[]): string {
  const [folder] = folders;
  if (folder !== undefined && folders.length === 1) return folder;
  throw new AppError('input-invalid', 'pack verify needs one folder.', {
    remedy: 'Use: fairshelf pack verify FOLDER',
  });
}

function report({ manifest, fingerprint, bytes }: VerifiedPack, { out }: CommandLineOutput): void {
  const { items, users, interactions, reviews } = manifest.counts;
  const [i, u, e, r] = [items, users, interactions, reviews].map((count) => NUMBER.format(count));
  out(`${manifest.name.en ?? manifest.name.zh ?? manifest.id} (${manifest.id}): sound`);
  out(`  ${i} items, ${u} shoppers, ${e} events, ${r} reviews`);
  out(`  ${NUMBER.format(bytes)} bytes, fingerprint ${fingerprint}`);
}

function textOption(value: unknown, name: string): string {
  // cac makes numbers of what looks like one; a folder may be called 2024.
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new AppError('input-invalid', `--${name} needs one value.`, { remedy: `Add --${name} PATH.` });
}

function unknownCommand(name: string | undefined): AppError {
  return new AppError(
    'input-invalid',
    name === undefined ? 'No command given.' : `Unknown command: ${name}.`,
    {
      remedy: 'See: fairshelf --help',
    },
  );
}
