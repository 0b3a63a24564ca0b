import { describe, expect, test } from 'vitest';
import { countCodePoints, fromCodePoints, locate, pieces } from '../../src/marks';

/** The words that a range of code points picks out. */
function words(text: string, start: number, end: number): string {
  const range = fromCodePoints(text, { start, end });
  return text.slice(range.start, range.end);
}

describe('offsets in code points', () => {
  test.each([
    ['Anna ringde', 0, 4, 'Anna'],
    ['👵 Anna ringde', 2, 6, 'Anna'],
    ['👩‍👧 åäö 19121212-1212', 8, 21, '19121212-1212'],
    ['𝒜𝒜𝒜x', 3, 4, 'x'],
    ['slut', 2, 4, 'ut'],
    ['kort', 2, 99, 'rt'],
    ['kort', 50, 99, ''],
  ])('%s [%i, %i) is "%s"', (text, start, end, expected) => {
    expect(words(text, start, end)).toBe(expected);
  });

  test('agree with the count', () => {
    expect(countCodePoints('👵å')).toBe(2);
  });
});

describe('pieces', () => {
  test('cut a text at its ranges, in order', () => {
    expect(
      pieces('abcdef', [
        { start: 4, end: 5 },
        { start: 1, end: 2 },
      ]),
    ).toEqual([
      { text: 'a', marked: false },
      { text: 'b', marked: true },
      { text: 'cd', marked: false },
      { text: 'e', marked: true },
      { text: 'f', marked: false },
    ]);
  });

  test('lose no letter where ranges overlap', () => {
    const cut = pieces('abcdef', [
      { start: 0, end: 4 },
      { start: 1, end: 3 },
      { start: 2, end: 6 },
    ]);
    expect(cut.map((piece) => piece.text).join('')).toBe('abcdef');
    expect(cut.every((piece) => piece.marked)).toBe(true);
  });
});

describe('a quote in its passage', () => {
  const passage = 'En enskild som inte själv (a.b)\nkan  tillgodose\u00a0sina behov.';

  test.each(['inte själv (a.b) kan', 'tillgodose sina behov.', '  En enskild '])('%s is found', (quote) => {
    const range = locate(passage, quote);
    expect(passage.slice(range?.start, range?.end).split(/\s+/)).toEqual(quote.trim().split(/\s+/));
  });

  test.each(['(axb)', 'En enskild kan', '', ' '])('"%s" is not', (quote) => {
    expect(locate(passage, quote)).toBeUndefined();
  });
});
