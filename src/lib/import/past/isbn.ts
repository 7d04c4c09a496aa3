/**
 * An ISBN as its 13 digits, of 10 or 13 digits with or without hyphens and blanks (ISO 2108); null where the check digit
 * is wrong. A spreadsheet that took an ISBN-10 for a number has cut its leading zeros off: they are put back.
 */
export function isbn13(text: string): string | null {
  const digits = text.replaceAll(/[\s-]/gu, '').toUpperCase();
  if (/^\d{13}$/u.test(digits)) return checkDigit13(digits) === digits.at(-1) ? digits : null;
  if (!/^\d{7,9}[\dX]$/u.test(digits)) return null;
  const padded = digits.padStart(10, '0');
  if (checkDigit10(padded) !== padded.at(-1)) return null;
  const core = `978${padded.slice(0, 9)}`;
  return `${core}${checkDigit13(core)}`;
}

/** Of the first twelve digits: weights 1 and 3 in turn, modulo 10. */
function checkDigit13(digits: string): string {
  let sum = 0;
  for (let at = 0; at < 12; at++) sum += Number(digits[at]) * (at % 2 === 0 ? 1 : 3);
  return String((10 - (sum % 10)) % 10);
}

/** Of the first nine digits: weights 10 to 2, modulo 11; 10 is written X. */
function checkDigit10(digits: string): string {
  let sum = 0;
  for (let at = 0; at < 9; at++) sum += Number(digits[at]) * (10 - at);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? 'X' : String(check);
}
