import { collectVisitor } from '../export.ts';
import { createExperiments } from '../experiments.ts';
import { byTime } from '../log.ts';
import type { RecordDatabase } from '../operations.ts';
import { createPacks } from '../packs.ts';
import type { PackRecord } from '../types.ts';
import type { BackupContents } from './types.ts';

/**
 * Everything the visitor owns and cannot have again. Models are left out: they can be trained again, and a model can
 * give away what it was trained on. So is what was interrupted.
 */
export async function collectBackup(
  database: RecordDatabase,
  { packs: withPacks }: { readonly packs: boolean },
): Promise<BackupContents> {
  const packs = createPacks(database);
  const own: PackRecord[] = [];
  if (withPacks) {
    for (const { packId, origin } of await packs.list()) {
      const pack = origin === 'device' ? await packs.get(packId) : null;
      if (pack !== null) own.push(pack);
    }
  }
  const experiments = [...(await createExperiments(database).list())].sort(byTime);
  // Last: the readings before may have put records in quarantine.
  const { exportedAt, ...visitor } = await collectVisitor(database);
  return { ...visitor, createdAt: exportedAt, experiments, packs: own };
}
