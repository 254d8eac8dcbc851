/** Moments and spans. Nanoseconds come as decimal strings; a zone's wall shows them. */

const MS = 1_000_000n;

export function msOf(ns: string | bigint): number {
  const value = typeof ns === 'bigint' ? ns : /^-?\d+$/.test(ns) ? BigInt(ns) : 0n;
  return Number(value / MS);
}

/** A zone's wall clock. The formatter is dear, so it is made once; one answer a second is kept. */
export class Clock {
  readonly zone: string;
  private readonly parts: Intl.DateTimeFormat;
  private second = Number.NaN;
  private said = { day: '', time: '', name: '' };

  constructor(zone: string) {
    const style: Intl.DateTimeFormatOptions = {
      year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
      second: '2-digit', hourCycle: 'h23', timeZoneName: 'short',
    };
    let parts: Intl.DateTimeFormat;
    try {
      parts = new Intl.DateTimeFormat('en-US', { ...style, timeZone: zone });
      this.zone = zone;
    } catch {
      parts = new Intl.DateTimeFormat('en-US', { ...style, timeZone: 'UTC' });
      this.zone = 'UTC';
    }
    this.parts = parts;
  }

  private look(ms: number): typeof this.said {
    const second = Math.floor(ms / 1000);
    if (second !== this.second) {
      const part: Record<string, string> = {};
      for (const { type, value } of this.parts.formatToParts(second * 1000)) part[type] = value;
      this.second = second;
      this.said = {
        day: `${part.year}-${part.month}-${part.day}`,
        time: `${part.hour}:${part.minute}:${part.second}`,
        name: part.timeZoneName ?? '',
      };
    }
    return this.said;
  }

  day(ns: string): string {
    return this.look(msOf(ns)).day;
  }

  /** "10:14:35". */
  time(ns: string): string {
    return this.look(msOf(ns)).time;
  }

  /** "10:14:35.120". */
  fine(ns: string): string {
    const ms = msOf(ns);
    return `${this.look(ms).time}.${String(((ms % 1000) + 1000) % 1000).padStart(3, '0')}`;
  }

  /** The zone's name at that moment: "EST". */
  name(ns: string): string {
    return this.look(msOf(ns)).name;
  }

  timeOfMs(ms: number): string {
    return this.look(ms).time;
  }
}

const clocks = new Map<string, Clock>();

export function clockOf(zone: string): Clock {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Clock(zone);
    clocks.set(zone, clock);
  }
  return clock;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** "4:05", "1:04:05": what is left. */
export function lasting(ns: string): string {
  const s = Math.max(0, Math.floor(msOf(ns) / 1000));
  const minutes = Math.floor(s / 60) % 60;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

/** "8 ms", "1.2 s", "4:05": how long ago; null: not known. */
export function age(ns: string | null): string {
  if (ns === null) return '-';
  const value = /^\d+$/.test(ns) ? BigInt(ns) : -1n;
  if (value < 0n) return '-';
  if (value < MS) return `${value / 1000n} us`;
  if (value < 1000n * MS) return `${value / MS} ms`;
  if (value < 60_000n * MS) {
    const tenths = value / (100n * MS);
    return `${tenths / 10n}.${tenths % 10n} s`;
  }
  return lasting(ns);
}
