/** Counts, shares and what is said of them. */

const LETTERS = ['k', 'M', 'G', 'T', 'P'];

/** 9,999 whole, then 12.3k, 4.56M: as `royale top` writes them. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value < 10_000) return Math.trunc(value).toLocaleString('en-US');
  let unit = 1000, at = 0;
  while (value / unit >= 1000 && at + 1 < LETTERS.length) {
    unit *= 1000;
    at++;
  }
  const share = value / unit;
  const places = share >= 100 ? 0 : share >= 10 ? 1 : 2;
  const cut = Math.trunc(share * 10 ** places) / 10 ** places;
  return `${cut.toFixed(places)}${LETTERS[at]}`;
}

/** All digits: "1,234,567". */
export function whole(value: number): string {
  return value.toLocaleString('en-US');
}

export function percent(permille: number | null): string {
  return permille === null ? '-' : `${Math.trunc(permille / 10)} %`;
}

export function many(value: number, one: string, more = `${one}s`): string {
  return `${whole(value)} ${value === 1 ? one : more}`;
}
