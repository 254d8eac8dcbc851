/** Moments on the map's scale, in the market's zone. */
import { clockOf } from '../format/time';

const SECOND = 1_000_000_000n;

export class MapClock {
  constructor(
    private readonly originNs: bigint,
    private readonly zone: string,
  ) {}

  ns(t: number): bigint {
    return this.originNs + BigInt(Math.round(t));
  }

  /** The moment `t` ns behind the origin: "09:30:00.125", with so many digits behind the point. */
  text(t: number, digits: number): string {
    const ns = this.ns(t);
    const whole = clockOf(this.zone).time(ns.toString());
    return digits === 0 ? whole : `${whole}.${String(ns % SECOND).padStart(9, '0').slice(0, digits)}`;
  }

  /** How long the day is old there: a scale begins at whole hours of the zone. */
  ofDay(t: number): number {
    const [h = 0, m = 0, s = 0] = this.text(t, 0).split(':').map(Number);
    return (h * 3600 + m * 60 + s) * 1e9 + Number(this.ns(t) % SECOND);
  }
}

/** Digits of the second that a step needs. */
export function digitsFor(stepNs: number): number {
  return stepNs >= 1e9 ? 0 : stepNs >= 1e6 ? 3 : 6;
}

export const TAKER = { buy: 'a buyer took', sell: 'a seller took', unknown: 'traded' } as const;
