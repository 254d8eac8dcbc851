/** The reader's key: of this tab alone, gone with it. */

const NAME = 'royale.key';

export function readKey(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

export function keepKey(key: string | null): void {
  try {
    if (key === null) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, key);
  } catch {
    /* A browser that keeps nothing asks again after each reload. */
  }
}

/** What may stand in a header and in a list of protocols: a key of `royale key create` does. */
export function isKey(text: string): boolean {
  return /^[A-Za-z0-9_.~+-]{8,256}$/.test(text);
}
