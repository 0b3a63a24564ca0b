import { expect, test } from 'vitest';
import { caseLawOutcome, caseLawQuotes } from '../../src/case-law';
import type { CaseLawReply, Decision } from '../../src/contract';
import strings from '../../strings/sv.json';
import { source } from './reply';

function decision(name: string, rest: Partial<Decision> = {}): Decision {
  const quote = source('rattsfall', name);
  const { document } = quote;
  return {
    document,
    outcome_text: 'Avslag',
    provisions: [],
    precedent: 'guiding',
    invented: false,
    quotes: [quote],
    ...rest,
  };
}

function reply(rest: Partial<CaseLawReply> = {}): CaseLawReply {
  const empty = { for: [], against: [], unclear: [], notices: [] };
  return { status: 'answered', ...empty, as_of: '2026-11-22', release: 'r1', ...rest };
}

test('the outcome that is heard counts every side', () => {
  const found = reply({ for: [decision('A')], against: [decision('B'), decision('C')] });
  expect(caseLawOutcome(found)).toBe('Klart. Avgöranden till den enskildes fördel: 1. Emot: 2. Varken eller: 0.');
  expect(caseLawOutcome(reply({ status: 'no_support' }))).toBe(strings['caseLaw.noSupport']);
});

test('a follow-up leans on the quotes of every side, in reading order', () => {
  const found = reply({ for: [decision('A')], against: [decision('B')], unclear: [decision('C')] });
  expect(caseLawQuotes(found).map(({ quote }) => quote)).toEqual(['Ord ur A.', 'Ord ur B.', 'Ord ur C.']);
});
