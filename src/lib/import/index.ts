/** Import of logs, public data sets and exports of shops: the door for the page, its worker and the command line. */
export { blobSource, bytesSource } from './bytes/source.ts';
export { escapeFormula } from './cells/formula.ts';
export { withStatistics } from './content/statistics.ts';
export { starsOf } from './clean/scale.ts';
export { importFiles, inspectFiles } from './import.ts';
export { readEvents, type EventFormat, type ReadEvents } from './read-events.ts';
export { DATASETS, type Dataset } from './recognise/signatures.ts';
export { applyMapFile } from './recognise/map-file.ts';
export * from './types.ts';
