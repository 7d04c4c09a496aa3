import process from 'node:process';
import { cac } from 'cac';
import { AppError } from '../lib/errors.ts';
import { EXIT, exitCodeOf, explain } from './exit.ts';
import { demoPackContent, DEMO_SEED } from './demo-pack/demo-pack.ts';
import { verifyPackFolder, writePackFolder, type VerifiedPack } from './pack-folder.ts';
import { movielensPack } from './sources/movielens.ts';
import { onlineRetailPack, type RetailCounts } from './sources/online-retail.ts';

const NUMBER = new Intl.NumberFormat('en');

interface PackOptions {
  readonly movielens?: unknown;
  readonly onlineRetail?: unknown;
  readonly out?: unknown;
}

const program = cac('fairshelf');

program
  .command('pack [action] [folder]', 'Write a shop pack from a data set, or check one: pack verify FOLDER')
  .option('--movielens <folder>', 'MovieLens: folder with movies.csv and ratings.csv')
  .option('--online-retail <file>', 'UCI Online Retail: .csv or .csv.gz of order lines')
  .option('--out <folder>', 'Where to write the pack')
  .example('fairshelf pack --movielens ml-latest-small --out my-pack')
  .example('fairshelf pack verify my-pack')
  .action((action: string | undefined, folder: string | undefined, options: PackOptions) =>
    action === undefined ? writeFromSource(options) : verify(action, folder),
  );

program
  .command('demo-pack', 'Write the demo pack: a hand-written catalogue and a simulated community')
  .option('--out <folder>', 'Where to write the pack')
  .action(async (options: PackOptions) => {
    say('Simulating the community …');
    const content = demoPackContent(DEMO_SEED);
    report(await writePackFolder(textOption(options.out, 'out'), content));
  });

program.help();

try {
  program.parse(process.argv, { run: false });
  if (program.matchedCommand === undefined && program.options['help'] !== true) {
    program.outputHelp();
    process.exitCode = EXIT.badInput;
  }
  await program.runMatchedCommand();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

async function writeFromSource(options: PackOptions): Promise<void> {
  if ((options.movielens === undefined) === (options.onlineRetail === undefined)) {
    throw new AppError('input-invalid', 'Name one source.', {
      remedy: 'Give either --movielens FOLDER or --online-retail FILE.',
    });
  }
  const out = textOption(options.out, 'out');
  if (options.movielens !== undefined) {
    say('Reading MovieLens …');
    report(await writePackFolder(out, movielensPack(textOption(options.movielens, 'movielens'))));
    return;
  }
  say('Reading order lines …');
  const { content, read, cleaned, kept } = onlineRetailPack(
    textOption(options.onlineRetail, 'online-retail'),
  );
  say(`${NUMBER.format(read)} lines in the file`);
  say(`after the usual cleaning: ${retailCounts(cleaned)}`);
  say(`without postage and fees: ${retailCounts(kept)}`);
  report(await writePackFolder(out, content));
}

async function verify(action: string, folder: string | undefined): Promise<void> {
  if (action !== 'verify' || folder === undefined) {
    throw new AppError('input-invalid', `Unknown action: pack ${action}.`, {
      remedy: 'Use: fairshelf pack verify FOLDER',
    });
  }
  report(await verifyPackFolder(folder));
}

function report({ manifest, fingerprint, bytes }: VerifiedPack): void {
  const { items, users, interactions, reviews } = manifest.counts;
  process.stdout.write(
    [
      `${manifest.name.en ?? manifest.name.zh ?? manifest.id} (${manifest.id}): sound`,
      `  ${NUMBER.format(items)} items, ${NUMBER.format(users)} shoppers, ${NUMBER.format(interactions)} events, ${NUMBER.format(reviews)} reviews`,
      `  ${NUMBER.format(bytes)} bytes, fingerprint ${fingerprint}`,
      '',
    ].join('\n'),
  );
}

function retailCounts({ lines, customers, items, pairs }: RetailCounts): string {
  const [l, c, i, p] = [lines, customers, items, pairs].map((count) => NUMBER.format(count));
  return `${l} lines, ${c} customers, ${i} items, ${p} customer–item pairs`;
}

/** The one value of an option; cac gives true for a missing value and a list for a repeated option. */
function textOption(value: unknown, name: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new AppError('input-invalid', `--${name} needs one value.`, { remedy: `Add --${name} PATH.` });
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
