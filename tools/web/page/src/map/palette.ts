/**
 * The map's colours. Bids and buyers are blue, asks and sellers orange, which every common kind of colour blindness
 * tells apart; shapes and words say the same. The depth is pale, so that trades stand out of it.
 */

export type Theme = 'dark' | 'light';
type Rgb = readonly [number, number, number];

export interface Palette {
  readonly theme: Theme;
  readonly buy: string;
  readonly sell: string;
  readonly unknown: string;
  readonly edge: string;
  readonly ink: string;
  readonly faint: string;
  readonly grid: string;
  readonly ground: string;
  readonly own: string;
  /** 2 x 256 texels of RGBA: bids, asks; byte 0 is clear. */
  readonly ramps: Uint8Array;
}

/** From few lots to many. */
const STOPS: Record<Theme, { bid: readonly Rgb[]; ask: readonly Rgb[] }> = {
  dark: {
    bid: [[13, 22, 34], [21, 45, 70], [41, 84, 121], [95, 148, 184], [205, 230, 245]],
    ask: [[28, 20, 14], [60, 42, 26], [111, 78, 44], [178, 136, 86], [250, 229, 196]],
  },
  light: {
    bid: [[238, 244, 250], [205, 224, 240], [150, 190, 220], [82, 136, 182], [18, 60, 106]],
    ask: [[251, 244, 236], [246, 226, 202], [233, 190, 142], [198, 136, 74], [112, 62, 12]],
  },
};

/** Bends the scale so that walls alone are bright, and what stands before them is seen. */
const WALLS = 1.5;

function ramps(theme: Theme): Uint8Array {
  const out = new Uint8Array(2 * 256 * 4);
  [STOPS[theme].bid, STOPS[theme].ask].forEach((stops, side) => {
    for (let byte = 1; byte < 256; byte++) {
      const at = ((byte - 1) / 254) ** WALLS * (stops.length - 1);
      const below = stops[Math.floor(at)]!;
      const above = stops[Math.ceil(at)]!;
      const share = at - Math.floor(at);
      const to = 4 * (side * 256 + byte);
      for (let k = 0; k < 3; k++) out[to + k] = Math.round(below[k]! + (above[k]! - below[k]!) * share);
      out[to + 3] = 255;
    }
  });
  return out;
}

const PALETTES: Record<Theme, Palette> = {
  dark: {
    theme: 'dark',
    buy: '#4ea1ff',
    sell: '#ff9a3c',
    unknown: '#b6bec9',
    edge: '#06080c',
    ink: '#e6ebf2',
    faint: '#8d98a7',
    grid: 'rgba(160, 176, 196, 0.10)',
    ground: '#0a0e14',
    own: '#ffffff',
    ramps: ramps('dark'),
  },
  light: {
    theme: 'light',
    buy: '#0a5fc2',
    sell: '#b35300',
    unknown: '#5d6673',
    edge: '#ffffff',
    ink: '#131a24',
    faint: '#566070',
    grid: 'rgba(40, 56, 80, 0.10)',
    ground: '#ffffff',
    own: '#000000',
    ramps: ramps('light'),
  },
};

/** What suits the element's own ink: light letters mean a dark page. */
export function paletteOf(element: Element): Palette {
  const [r = 255, g = 255, b = 255] = (getComputedStyle(element).color.match(/\d+(\.\d+)?/g) ?? []).map(Number);
  return PALETTES[0.299 * r + 0.587 * g + 0.114 * b > 128 ? 'dark' : 'light'];
}
