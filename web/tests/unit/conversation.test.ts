import { expect, test } from 'vitest';
import { MAX_HISTORY, type AskRequest } from '../../src/contract';
import { Conversation } from '../../src/conversation';
import { reply, sentence } from './reply';

const asked = (question: string, more: Partial<AskRequest> = {}): AskRequest => ({ question, mode: 'quotes', ...more });
const answer = (n: number) => reply({ sentences: [sentence('quote', `Citat ${n}.`, 0)] });

test('a follow-up carries the last messages, oldest first, and no more than the contract takes', () => {
  const conversation = new Conversation();
  for (let n = 1; n <= 8; n += 1) conversation.add(asked(`Fråga ${n}?`), answer(n));
  const { history = [] } = conversation.continued(asked('Och sedan?'));
  expect(history).toHaveLength(MAX_HISTORY);
  expect(history.slice(0, 2)).toEqual([
    { role: 'user', content: 'Fråga 4?' },
    { role: 'assistant', content: 'Citat 4.' },
  ]);
});

test('the summary stands for the answer, and an answer is cut at whole characters', () => {
  const conversation = new Conversation();
  const sentences = [sentence('summary', '👵'.repeat(3000), 0), sentence('quote', 'Citat.', 0)];
  conversation.add(asked('Fråga?'), reply({ sentences }));
  expect(conversation.continued(asked('Och?')).history?.[1]?.content).toBe('👵'.repeat(2000));
});

test('what was confirmed stays confirmed where it stands in the history', () => {
  const place = { start: 3, end: 8, type: 'name' };
  const conversation = new Conversation();
  conversation.add(asked('Vad säger Lind?', { confirmed: [{ field: 'question', ...place }] }), answer(1));
  const next = asked('Och sedan?', { confirmed: [{ field: 'history[1].content', ...place }] });
  expect(conversation.continued(next).confirmed).toEqual([
    { field: 'history[0].content', ...place },
    { field: 'history[1].content', ...place },
  ]);
  conversation.add(next, answer(2));
  for (let n = 3; n <= 6; n += 1) conversation.add(asked(`Fråga ${n}?`), answer(n));
  expect(conversation.continued(asked('Slut?')).confirmed).toBeUndefined();
});

test('a new question forgets everything', () => {
  const conversation = new Conversation();
  conversation.add(asked('Fråga?'), reply({ status: 'no_support' }));
  conversation.clear();
  expect(conversation.continued(asked('Ny?'))).toEqual(asked('Ny?'));
});
