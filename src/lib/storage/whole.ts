/** What is done to all of the data at once. Behind one `import()`: pages that need it load it with themselves. */
export { collectBackup } from './backup/contents.ts';
export { compareBackup, restoreBackup } from './backup/restore.ts';
export { eraseOrigin, eraseVisitor } from './erase.ts';
export { countRange, eraseRange } from './erase-range.ts';
export { exportAll, serializeExport } from './export.ts';
export { askToPersist, readUsage } from './usage.ts';
