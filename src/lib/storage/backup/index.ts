/** The door to backup files: for pages that come later, never for the first load. */
export { MAX_FILE_BYTES, openBackupFile, recogniseBackup, writeBackup, type BackupFile } from './file.ts';
export { reminderDue } from './reminder.ts';
export type * from './types.ts';
