/** Lists are shown as one cell; this sign is what public sets put between genres. */
const LIST_SEPARATOR = '|';
/** Of a list, the values that are looked at. */
const MAX_LIST = 64;

/** A value of JSON or Parquet as the text that a table would hold: one set of parsers reads them all. */
export function cellOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return '';
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
      if (Array.isArray(value)) {
        const cells = value
          .slice(0, MAX_LIST)
          .filter((one) => typeof one !== 'object')
          .map(cellOf);
        return cells.join(LIST_SEPARATOR);
      }
      return '';
    case 'undefined':
    case 'function':
    case 'symbol':
      return '';
    // no default: typeof has no other results
  }
}

/** The names under which an object's values become cells: its keys, and `key.inner` of objects in it. */
export function cellNames(record: object): string[] {
  return Object.entries(record).flatMap(([key, value]: [string, unknown]) =>
    isRecord(value) ? Object.keys(value).map((inner) => `${key}.${inner}`) : [key],
  );
}

/** Reads one name of `cellNames`. Only own properties count, so `__proto__` is a name like any other. */
export function cellReader(name: string): (record: object) => string {
  const dot = name.indexOf('.');
  const [outer, inner] = [name.slice(0, dot), name.slice(dot + 1)];
  return (record) => {
    if (Object.hasOwn(record, name)) return cellOf((record as Record<string, unknown>)[name]);
    if (dot === -1 || !Object.hasOwn(record, outer)) return '';
    const nested = (record as Record<string, unknown>)[outer];
    return isRecord(nested) && Object.hasOwn(nested, inner) ? cellOf(nested[inner]) : '';
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
