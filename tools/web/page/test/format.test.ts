import { describe, expect, it } from 'vitest';
import { count, percent } from '../src/format/count';
import { compareMoney, money, moneyOf, priceOf, shortMoney, shortPrice, signedMoney, signOf, sumMoney, units } from '../src/format/money';
import { shownName, shownText } from '../src/format/names';
import { age, clockOf, lasting } from '../src/format/time';

describe('money', () => {
  it('is exact beyond what a float holds', () => {
    expect(money('90071992547409931234.567891', 6)).toBe('90,071,992,547,409,931,234.567891');
    expect(units('9007199254740993.000001')).toBe(9007199254740993000001n);
    expect(signedMoney('0.1', 6)).toBe('+0.100000');
  });

  it('rounds half away from zero, on integers', () => {
    expect(money('1.005000')).toBe('1.01');
    expect(money('-1.005000')).toBe('-1.01');
    expect(money('2.675000')).toBe('2.68');
    expect(money('999.995000')).toBe('1,000.00');
  });

  it('has a sign, and none where nothing is left of it', () => {
    expect(signedMoney('12.345678')).toBe('+12.35');
    expect(signedMoney('-12.345678')).toBe('-12.35');
    expect(signedMoney('0.000000')).toBe('0.00');
    expect(signedMoney('0.001000')).toBe('0.00');
    expect(signedMoney('-0.001000')).toBe('0.00');
  });

  it('is short where there is little room', () => {
    expect(['0.000000', '0.04', '3.94', '-12.3', '999.6', '1234.5', '-98765.4', '1234567.8', '5000000000'].map(shortMoney))
      .toEqual(['0', '0', '+3.9', '-12', '+1,000', '+1.2k', '-99k', '+1.2M', '+5.0G']);
  });

  it('says what is no decimal as it came', () => {
    expect(money('n/a')).toBe('n/a');
    expect(signOf('n/a')).toBe(0);
  });

  it('compares and sums without a float', () => {
    expect(compareMoney('9007199254740993.000001', '9007199254740993.000002')).toBe(-1);
    expect(compareMoney('-2', '-10')).toBe(1);
    expect(sumMoney(['0.1', '0.2', '-0.000001'])).toBe('0.299999');
    expect(moneyOf(-5n)).toBe('-0.000005');
  });
});

describe('prices', () => {
  it('stand with their digits', () => {
    expect(priceOf(1987000, 5)).toBe('19.87000');
    expect(priceOf(-5, 2)).toBe('-0.05');
    expect(priceOf(42, 0)).toBe('42');
  });

  it('lose only zeros that the tick does not need', () => {
    expect(shortPrice('19.8700', '0.0100')).toBe('19.87');
    expect(shortPrice('19.8750', '0.0100')).toBe('19.8750');
    expect(shortPrice('6000.000', '1.000')).toBe('6000');
    expect(shortPrice('6000.250', '0.250')).toBe('6000.25');
  });
});

describe('counts', () => {
  it('are those of royale top', () => {
    expect([0, 9999, 10000, 59249, 123456, 1234567, 12345678901].map(count)).toEqual(['0', '9,999', '10.0k', '59.2k', '123k', '1.23M', '12.3G']);
    expect(percent(414)).toBe('41 %');
    expect(percent(null)).toBe('-');
  });
});

describe('moments', () => {
  it('stand on the wall of the market', () => {
    const clock = clockOf('America/New_York');
    expect(clock.fine('1767625200120000000')).toBe('10:00:00.120');
    expect(clock.day('1767625200120000000')).toBe('2026-01-05');
    expect(clock.name('1767625200120000000')).toBe('EST');
    expect(clockOf('No/Where').time('0')).toBe('00:00:00');
  });

  it('last', () => {
    expect(lasting('245000000000')).toBe('4:05');
    expect(lasting('3845999999999')).toBe('1:04:05');
    expect([null, '800000', '8000000', '1234000000', '245000000000', '-1'].map(age)).toEqual(['-', '800 us', '8 ms', '1.2 s', '4:05', '-']);
  });
});

describe('names', () => {
  it('show what is not to be seen', () => {
    expect(shownName('a\u0007b\u202ec')).toBe('a\ufffdb\ufffdc');
    expect(shownName('<img src=x>')).toBe('<img src=x>');
    expect(shownName('  ')).toBe('"  "');
    expect(shownText('x\u0000 leads')).toBe('x\ufffd leads');
  });
});
