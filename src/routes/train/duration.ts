import type { I18n } from '../i18n/i18n.svelte.ts';

/** Seconds as a person says them: "under a second", "42 sec", "3 min 5 sec". */
export function formatDuration(i18n: I18n, seconds: number): string {
  if (seconds < 1) return i18n.t('train.lessThanSecond');
  const whole = Math.round(seconds);
  const unit = (value: number, name: 'minute' | 'second'): string =>
    i18n.number(value, { style: 'unit', unit: name, unitDisplay: 'short' });
  if (whole < 90) return unit(whole, 'second');
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  return rest === 0 || minutes >= 10
    ? unit(Math.round(whole / 60), 'minute')
    : `${unit(minutes, 'minute')} ${unit(rest, 'second')}`;
}
