import { AppError } from '../../errors.ts';

/** How a backup is encrypted, as its header says; everything but the passphrase. */
export interface Seal {
  readonly cipher: 'AES-256-GCM';
  readonly kdf: 'PBKDF2-HMAC-SHA-256';
  readonly iterations: number;
  /** 16 bytes, base64. */
  readonly salt: string;
  /** 12 bytes, base64. */
  readonly iv: string;
}

/** OWASP's figure for PBKDF2-HMAC-SHA-256 (Password Storage Cheat Sheet, 2023). */
export const ITERATIONS = 600_000;
/** A header outside these bounds is refused: fewer protect nothing, more hold the device up for minutes. */
export const MIN_ITERATIONS = 100_000;
export const MAX_ITERATIONS = 5_000_000;

const SALT_BYTES = 16;
const IV_BYTES = 12;

/** A fresh salt and nonce. A key is used for one file alone, so its nonce never repeats under it. */
export function freshSeal(): Seal {
  return {
    cipher: 'AES-256-GCM',
    kdf: 'PBKDF2-HMAC-SHA-256',
    iterations: ITERATIONS,
    salt: toBase64(crypto.getRandomValues(new Uint8Array(SALT_BYTES))),
    iv: toBase64(crypto.getRandomValues(new Uint8Array(IV_BYTES))),
  };
}

/** A header's seal, checked; null where it is none that this version opens. */
export function sealFrom(value: unknown): Seal | null {
  if (typeof value !== 'object' || value === null) return null;
  const { cipher, kdf, iterations, salt, iv } = value as Readonly<Record<string, unknown>>;
  if (cipher !== 'AES-256-GCM' || kdf !== 'PBKDF2-HMAC-SHA-256') return null;
  if (typeof iterations !== 'number' || !Number.isSafeInteger(iterations)) return null;
  if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) return null;
  if (typeof salt !== 'string' || typeof iv !== 'string') return null;
  if (fromBase64(salt)?.length !== SALT_BYTES || fromBase64(iv)?.length !== IV_BYTES) return null;
  return { cipher, kdf, iterations, salt, iv };
}

/** AES-GCM with the 16-byte tag at the end. `header` is authenticated with it: a changed header no longer opens. */
export async function encrypt(
  bytes: Uint8Array<ArrayBuffer>,
  passphrase: string,
  seal: Seal,
  header: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await keyFor(passphrase, seal, 'encrypt');
  return new Uint8Array(await crypto.subtle.encrypt(parameters(seal, header), key, bytes));
}

/**
 * Rejects with `backup-locked` for a wrong passphrase and for changed bytes alike: AES-GCM cannot tell them apart, and
 * neither should whoever tries passphrases.
 */
export async function decrypt(
  bytes: Uint8Array<ArrayBuffer>,
  passphrase: string,
  seal: Seal,
  header: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await keyFor(passphrase, seal, 'decrypt');
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters(seal, header), key, bytes));
  } catch {
    throw new AppError('backup-locked', 'The passphrase is wrong, or the file is damaged.', {
      remedy: 'Type the passphrase again. Nothing was changed.',
    });
  }
}

function parameters(seal: Seal, header: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: 'AES-GCM', iv: bytesOf(seal.iv), additionalData: header, tagLength: 128 };
}

async function keyFor(passphrase: string, seal: Seal, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  // One passphrase however the keyboard composes its letters (RFC 8265 takes NFC, too).
  const secret = new TextEncoder().encode(passphrase.normalize('NFC'));
  const material = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', iterations: seal.iterations, salt: bytesOf(seal.salt) },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    [use],
  );
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(text);
  if (bytes === null) throw new AppError('backup-invalid', 'The seal of the backup is not base64.');
  return bytes;
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
