import type { ProblemReason, TableFormat } from '../types.ts';

/** A row's cells in the order of the table's columns. Only valid during the call. */
export type OnRow = (cells: readonly string[], line: number) => void;

/** A row that a reader cannot cut into cells. */
export interface ReadProblem {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly reason: ProblemReason;
  readonly remedy: string;
}

export interface ReadContext {
  readonly signal: AbortSignal | undefined;
  /** Columns that are looked at: readers for which the others cost something leave their cells empty. */
  readonly wanted: ReadonlySet<string>;
  /** Packed bytes read since the last call. */
  readonly onPacked: (bytes: number) => void;
  /** May throw, which ends the reading. */
  readonly onProblem: (problem: ReadProblem) => void;
}

/** A table in a file: what it looks like, and its rows from the beginning, as often as wanted. */
export interface SourceTable {
  readonly name: string;
  readonly format: TableFormat;
  readonly delimiter: string;
  readonly header: boolean;
  readonly columns: readonly string[];
  /** The first rows, at most `SAMPLE_ROWS`. */
  readonly sample: readonly (readonly string[])[];
  /** Packed. */
  readonly bytes: number;
  /** As found while reading the sample, then while reading all. */
  encoding(): string;
  /** Calls `onRow` for each row below the header; throws what `onRow` and the reading of the bytes throw. */
  read(onRow: OnRow, context: ReadContext): Promise<void>;
}

/** A column where there is no header: by its position, from 1. */
export function columnNumber(position: number): string {
  return String(position + 1);
}
