import { expect, test } from 'vitest';
import { RequestFailure } from '../../src/api';
import { readableDate, today } from '../../src/dates';
import { validityBadge } from '../../src/quote';
import { t } from '../../src/strings';
import { explain } from '../../src/trouble';
import strings from '../../strings/sv.json';
import { source } from './reply';

test('dates are read as Swedes read them', () => {
  expect(readableDate('2025-07-01')).toBe('1 juli 2025');
  expect(readableDate('tills vidare')).toBe('tills vidare');
  expect(today(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
});

test.each([
  [{ status: 'repealed', valid_to: '2025-07-01' }, 'Upphävd 1 juli 2025'],
  [{ status: 'in_force', valid_to: '2025-07-01' }, 'Upphävd 1 juli 2025'],
  [{ status: 'in_force', valid_to: '2199-01-01' }, 'Upphör att gälla 1 januari 2199'],
  [{ status: 'future', valid_from: '2199-01-01' }, 'Börjar gälla 1 januari 2199'],
  [{ status: 'in_force', valid_from: '2025-07-01' }, undefined],
] as const)('%j carries the badge %s', (validity, badge) => {
  expect(validityBadge(source('lag', 'A', validity).document)).toBe(badge);
});

test('placeholders are filled, and a value is never read as a placeholder', () => {
  expect(t('guard.item', { type: '{text}', text: 'x' })).toBe('{text} ”x”');
});

test.each([
  [new RequestFailure(), true],
  [new RequestFailure({ type: '', title: '', status: 413 }), false],
  [new RequestFailure({ type: '', title: '', status: 429 }), true],
  [new RequestFailure({ type: '', title: '', status: 503 }, 7), true],
  [new RequestFailure({ type: '', title: '', status: 500 }), true],
])('%s can be retried: %s', (failure, canRetry) => {
  expect(explain(failure).canRetry).toBe(canRetry);
});

test('a busy server says how long to wait, in its own words where it has them', () => {
  expect(explain(new RequestFailure({ type: '', title: '', status: 503 }, 7)).text).toContain('7 sekunder');
  expect(explain(new RequestFailure({ type: '', title: '', status: 503, detail: 'Snart.' }, 7)).text).toBe('Snart.');
});

test('no string is empty', () => {
  expect(Object.entries(strings).filter(([, words]) => words.trim() === '')).toEqual([]);
});
