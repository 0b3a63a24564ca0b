import { describe, expect, test } from 'vitest';
import { arrange, RANKS, rankOf } from '../../src/rank';
import { reply, sentence, source } from './reply';

describe('legal rank', () => {
  test('a guideline never stands above an act, whatever order the server sends', () => {
    const sources = [
      source('riktlinje', 'Riktlinje 2.2'),
      source('rattsfall', 'HFD 2015 ref. 1'),
      source('lag', '11 kap. 1 § SoL'),
      source('allmanna_rad', 'SOSFS 2003:5'),
      source('forordning', '3 § förordningen'),
    ];
    const { groups } = arrange(reply({ sources }));
    expect(groups.map((group) => group.rank)).toEqual(['lag', 'forordning', 'allmanna_rad', 'riktlinje', 'case_law']);
  });

  test('repealed and future law stand in their own lane, last', () => {
    const repealed = source('lag', '4 kap. 1 § SoL', { status: 'repealed' });
    const { groups } = arrange(reply({ sources: [repealed, source('rutin', 'Rutin 1')] }));
    expect(groups.map((group) => group.rank)).toEqual(['rutin', 'not_in_force']);
    expect(rankOf({ ...repealed.document, status: 'future' })).toBe('not_in_force');
    expect(RANKS.at(-1)).toBe('not_in_force');
  });

  test('a kind that this page does not know is shown as other', () => {
    expect(rankOf({ ...source('lag', 'x').document, kind: 'fordrag' as 'lag' })).toBe('other');
  });
});

describe('numbers', () => {
  test('follow the reading order, and citations lead to them', () => {
    const sources = [source('riktlinje', 'B'), source('lag', 'A')];
    const { groups, numberOf } = arrange(reply({ sources, sentences: [sentence('summary', 'S', 1, 0)] }));
    expect(groups.flatMap(({ cited }) => cited.map((one) => [one.number, one.source.reference]))).toEqual([
      [1, 'A'],
      [2, 'B'],
    ]);
    expect([numberOf.get(1), numberOf.get(0)]).toEqual([1, 2]);
  });

  test('a source that no sentence cites is no quote', () => {
    const sources = [source('lag', 'A'), source('lag', 'B')];
    const { groups, uncited } = arrange(reply({ sources, sentences: [sentence('quote', 'Ord ur B.', 1)] }));
    expect(groups.flatMap(({ cited }) => cited.map((one) => one.source.reference))).toEqual(['B']);
    expect(uncited.map((one) => one.reference)).toEqual(['A']);
  });
});

test('the same words are shown once, further quotes of the place beside them', () => {
  const sources = [source('lag', 'A')];
  const sentences = [
    sentence('quote', 'Ord ur A.', 0),
    sentence('quote', 'Andra ord.', 0),
    sentence('quote', 'ur A', 0),
  ];
  const { groups } = arrange(reply({ sources, sentences }));
  expect(groups[0]?.cited[0]?.quotes).toEqual(['Ord ur A.', 'Andra ord.']);
});
