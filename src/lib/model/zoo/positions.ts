import { AppError } from '../../errors.ts';

/** Throws `input-invalid` for a user that a model does not hold. */
export function checkUser(user: number, users: number): void {
  if (Number.isInteger(user) && user >= 0 && user < users) return;
  throw new AppError('input-invalid', `The model holds no user ${user}.`, {
    values: { user, users },
    remedy: users === 0 ? 'Fold a history in: a saved item side holds no users.' : 'Give a user of train.',
  });
}
