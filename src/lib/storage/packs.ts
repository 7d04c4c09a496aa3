import { AppError } from '../errors.ts';
import { MODEL_KINDS, type ModelKind, type PackId } from '../types.ts';
import { get, getAll, put, reading, remove, writing, type RecordDatabase, type Steps } from './operations.ts';
import type { PackEntry, PackFileRecord } from './schema.ts';
import type { PackRecord, Storage } from './types.ts';
import { experimentPlanSchema, packEntrySchema, packFileSchema, parsed, required } from './validate.ts';

/**
 * The kept packs. An entry that is broken or lacks a file reads as null, not as quarantine: a pack can be had
 * again, and what its files say is verified by who parses them.
 */
export function createPacks(database: RecordDatabase): Storage['packs'] {
  return {
    async put(pack) {
      const { entry, files } = split(pack);
      await database.run(writing('packs', 'packFiles'), function* () {
        yield* removeFiles(entry.packId);
        yield* put('packs', [entry]);
        yield* put('packFiles', files);
      });
    },
    async addFiles(packId, fingerprint, added) {
      const files = fileRecords(packId, added);
      await database.run(writing('packs', 'packFiles'), function* () {
        const entry = parsed(packEntrySchema, yield* get('packs', packId));
        if (entry?.fingerprint !== fingerprint) {
          throw new AppError('input-invalid', 'The kept pack is not the one the files belong to.', {
            values: { packId, fingerprint },
            remedy: 'Load the pack again.',
          });
        }
        yield* put('packFiles', files);
        const kinds = [...new Set([...entry.kinds, ...files.map((file) => file.kind)])];
        yield* put('packs', [{ ...entry, kinds }]);
      });
    },
    get: (packId) =>
      database.run(reading('packs', 'packFiles'), function* (): Steps<PackRecord | null> {
        const entry = parsed(packEntrySchema, yield* get('packs', packId));
        if (entry === null) return null;
        const files: PackFileRecord[] = [];
        for (const kind of entry.kinds) {
          const file = parsed(packFileSchema, yield* get('packFiles', [packId, kind]));
          if (file === null) return null;
          files.push(file);
        }
        return { ...withoutKinds(entry), files: files.map(({ kind, bytes }) => ({ kind, bytes })) };
      }),
    async list() {
      const entries = await database.run(reading('packs'), () => getAll('packs'));
      return entries.flatMap((entry) => parsed(packEntrySchema, entry) ?? []).map(withoutKinds);
    },
    remove: (packId) =>
      database.run(writing('packs', 'packFiles', 'snapshots', 'checkpoints', 'plans'), function* () {
        yield* removeFiles(packId);
        yield* remove('packs', [packId]);
        const models = MODEL_KINDS.map((model): [string, ModelKind] => [packId, model]);
        yield* remove('snapshots', models);
        yield* remove('checkpoints', models);
        const plan = parsed(experimentPlanSchema, yield* get('plans', 'plan'));
        if (plan?.packId === packId) yield* remove('plans', ['plan']);
      }),
  };
}

const withoutKinds = ({
  packId,
  fingerprint,
  manifestText,
  storedAt,
  origin,
}: PackEntry): Omit<PackRecord, 'files'> => ({
  packId,
  fingerprint,
  manifestText,
  storedAt,
  ...(origin === undefined ? {} : { origin }),
});

function* removeFiles(packId: PackId): Steps<void> {
  const entry = parsed(packEntrySchema, yield* get('packs', packId));
  yield* remove(
    'packFiles',
    (entry?.kinds ?? []).map((kind): [string, string] => [packId, kind]),
  );
}

function split({ files, ...pack }: PackRecord): { entry: PackEntry; files: readonly PackFileRecord[] } {
  const kinds = [...new Set(files.map((file) => file.kind))];
  return { entry: required(packEntrySchema, { ...pack, kinds }), files: fileRecords(pack.packId, files) };
}

function fileRecords(packId: PackId, files: PackRecord['files']): readonly PackFileRecord[] {
  return files.map((file) => required(packFileSchema, { ...file, packId }));
}
