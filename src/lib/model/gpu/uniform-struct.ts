type ScalarType = 'u32' | 'f32';

/** Names and types of a struct's members, in order. */
export type StructFields = Readonly<Record<string, ScalarType>>;

/** The host's side and the shader's side of one struct, from one list of members. */
export interface UniformStruct<Fields extends StructFields> {
  readonly name: string;
  readonly fields: Fields;
  /** The declaration for the shader. */
  readonly wgsl: string;
  /** A multiple of 16, as uniform buffers like it. */
  readonly bytes: number;
  /** The bytes of the struct with these values. */
  encode(values: Readonly<Record<keyof Fields, number>>): ArrayBuffer;
}

const SCALAR_BYTES = 4;
const STRUCT_ALIGNMENT_BYTES = 16;

/** A struct of scalars: members follow each other without gaps (WGSL, "Structure Member Layout"). */
export function uniformStruct<Fields extends StructFields>(
  name: string,
  fields: Fields,
): UniformStruct<Fields> {
  const members = Object.entries(fields);
  const bytes = Math.ceil((members.length * SCALAR_BYTES) / STRUCT_ALIGNMENT_BYTES) * STRUCT_ALIGNMENT_BYTES;
  return {
    name,
    fields,
    wgsl: `struct ${name} {\n${members.map(([member, type]) => `  ${member}: ${type},\n`).join('')}}\n`,
    bytes,
    encode(values) {
      const view = new DataView(new ArrayBuffer(bytes));
      members.forEach(([member, type], index) => {
        const value = values[member];
        if (type === 'f32') view.setFloat32(index * SCALAR_BYTES, value ?? Number.NaN, true);
        else view.setUint32(index * SCALAR_BYTES, value ?? 0, true);
      });
      return view.buffer;
    },
  };
}
