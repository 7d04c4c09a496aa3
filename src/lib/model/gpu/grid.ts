import { AppError } from '../../errors.ts';

/**
 * Workgroups in two dimensions for a count that may be above the limit of one; a kernel takes
 * `workgroup_id.y * num_workgroups.x + workgroup_id.x` and leaves out what is not below `count`. Throws
 * `input-invalid` for more than limit² workgroups.
 */
export function workgroupGrid(count: number, limit: number): readonly [x: number, y: number] {
  const x = Math.min(Math.max(1, count), limit);
  const y = Math.max(1, Math.ceil(count / x));
  if (y > limit) {
    throw new AppError('input-invalid', 'More work than one dispatch can hold.', {
      values: { count, limit },
    });
  }
  return [x, y];
}
