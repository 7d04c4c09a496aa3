import type { ErrorCode } from '../../../lib/errors.ts';

/** One sentence a failure, and what to do about it. Places are the values the error carries. */
export const errors = {
  'pack-unreachable': 'The shop could not be fetched. Check the network and try again.',
  'pack-manifest-invalid':
    'The shop’s pack.json is not valid, so it was not opened. Its owner can run “fairshelf pack verify”.',
  'pack-schema-unsupported':
    'This shop was made for another version of the page. Reload to get the newest one.',
  'pack-file-missing': 'The shop lacks the file {file}, so it was not opened.',
  'pack-file-invalid': 'The shop’s file {file} is not readable, so it was not opened.',
  'pack-checksum-mismatch':
    'The shop’s file {file} is not what pack.json promises, so it was not opened. Try again later.',
  'pack-row-invalid': 'The shop’s file {file} has a bad row {row}, so it was not opened.',
  'import-invalid': 'That file could not be read.',
  'storage-unavailable': 'This browser keeps no data for this page.',
  'storage-blocked':
    'The shop is open in another tab with an older version. Close the other tabs and reload.',
  'storage-newer-version':
    'Your data was written by a newer version of this page. It is untouched; reload to get the newest version.',
  'storage-migration-failed':
    'Your data could not be brought to this version. It is untouched; reload and try again.',
  'storage-terminated': 'The browser closed the storage. Reload the page.',
  'storage-quota': 'The device has no room left for this page. Free some space and try again.',
  'storage-constraint': 'That is stored already.',
  'storage-record-invalid': 'A stored record is not valid and was set aside.',
  'snapshot-corrupt': 'The saved model is damaged and was not used. Train again.',
  'input-invalid': 'That value is not allowed.',
  'hyperparameter-invalid': 'A training setting is out of bounds.',
  'not-enough-data': 'There is not enough to learn from yet.',
  'matrix-not-positive-definite': 'The sums did not work out with these settings. Try more regularization.',
  'training-diverged':
    'Training ran away and was stopped; the last good model stays. Try a smaller learning rate.',
  'training-cancelled': 'Training was stopped.',
  'gpu-unavailable': 'This browser offers no WebGPU.',
  'gpu-lost': 'The graphics processor was lost.',
  'gpu-out-of-memory': 'The graphics processor is out of memory.',
  'gpu-shader-invalid': 'The graphics driver refused a program.',
  'gpu-hang': 'The graphics processor did not answer in time.',
  'worker-died': 'A part of the page that works in the background stopped. Reload the page.',
  cancelled: 'Stopped.',
  internal: 'Something unexpected happened. Reload the page; your data is kept.',
} as const satisfies Record<ErrorCode, string>;
