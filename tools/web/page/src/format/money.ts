/**
 * Money and prices as they are shown. They come as exact decimal strings and stay exact: rounding is
 * done on integers, so that no figure on the page goes through a float.
 */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
/** Of money: micro-units. */
const SCALE = 6;

/** "-12.5" in units of 10^-scale, further digits cut; null: it is no decimal. */
export function units(text: string, scale = SCALE): bigint | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const fraction = (match[3] ?? '').padEnd(scale, '0').slice(0, scale);
  const value = BigInt(match[2] + fraction);
  return match[1] ? -value : value;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `value` units of 10^-scale with `places` digits behind the point, half away from zero. */
function rounded(value: bigint, scale: number, places: number): string {
  const step = 10n ** BigInt(scale - places);
  const size = value < 0n ? -value : value;
  const kept = (size + step / 2n) / step;
  const digits = kept.toString().padStart(places + 1, '0');
  const whole = grouped(digits.slice(0, digits.length - places));
  const text = places > 0 ? `${whole}.${digits.slice(-places)}` : whole;
  return value < 0n && kept !== 0n ? `-${text}` : text;
}

/** "1,234.57"; what is no decimal stands as it came. */
export function money(text: string, places = 2): string {
  const value = units(text);
  return value === null ? text : rounded(value, SCALE, places);
}

/** "+1,234.57", "-0.50", "0.00". */
export function signedMoney(text: string, places = 2): string {
  const value = units(text);
  if (value === null) return text;
  const said = rounded(value, SCALE, places);
  return value > 0n && /[1-9]/.test(said) ? `+${said}` : said;
}

const SHORT: readonly (readonly [bigint, string])[] = [
  [1_000_000_000_000n, 'G'],
  [1_000_000_000n, 'M'],
  [1_000_000n, 'k'],
];

/** For cells with little room: "+12", "-1.2k", "0". */
export function shortMoney(text: string): string {
  const value = units(text);
  if (value === null) return text;
  const size = value < 0n ? -value : value;
  const plus = value > 0n ? '+' : '';
  for (const [unit, letter] of SHORT) {
    if (size >= unit * 1000n) {
      const tenths = (size * 10n + unit * 500n) / (unit * 1000n);
      const places = tenths < 100n ? `${tenths / 10n}.${tenths % 10n}` : String((tenths + 5n) / 10n);
      return `${value < 0n ? '-' : plus}${places}${letter}`;
    }
  }
  const said = rounded(value, SCALE, size < 10_000_000n ? 1 : 0);
  return /[1-9]/.test(said) ? plus + said : '0';
}

/** -1, 0 or 1: for signs, colours and order. */
export function signOf(text: string): -1 | 0 | 1 {
  const value = units(text);
  return value === null || value === 0n ? 0 : value < 0n ? -1 : 1;
}

/** `less` less than `more`: negative, as sort() wants it. What is no decimal comes last. */
export function compareMoney(less: string, more: string): number {
  const a = units(less), b = units(more);
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** For a place on the screen, never for text. */
export function placeOf(text: string): number {
  const value = units(text);
  return value === null ? 0 : Number(value) / 1e6;
}

/** The sum of exact amounts, exact. */
export function sumMoney(texts: Iterable<string>): string {
  let sum = 0n;
  for (const text of texts) sum += units(text) ?? 0n;
  return moneyOf(sum);
}

/** Micro-units as the API writes money: "-12.500000". */
export function moneyOf(micro: bigint): string {
  const size = micro < 0n ? -micro : micro;
  const digits = size.toString().padStart(SCALE + 1, '0');
  return `${micro < 0n ? '-' : ''}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
}

/** An integer in units of 10^-scale as a price: 1987000 at 5 is "19.87000". */
export function priceOf(value: number | bigint, scale: number): string {
  const size = BigInt(value) < 0n ? -BigInt(value) : BigInt(value);
  const digits = size.toString().padStart(scale + 1, '0');
  const text = scale > 0 ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits;
  return BigInt(value) < 0n ? `-${text}` : text;
}

/** A price without the zeros that its tick does not need: "19.8700" of tick "0.0100" is "19.87". */
export function shortPrice(price: string, tick: string): string {
  const needed = (/\.(\d*?)0*$/.exec(tick)?.[1] ?? '').length;
  const match = /^(-?\d+)\.(\d+)$/.exec(price);
  if (!match || !/^0*$/.test((match[2] ?? '').slice(needed))) return price;
  return needed > 0 ? `${match[1]}.${(match[2] ?? '').slice(0, needed)}` : (match[1] ?? price);
}
