import { expect, test } from 'vitest';
import { MAX_HISTORY } from '../../src/contract';
import { Conversation } from '../../src/conversation';
import { reply, sentence } from './reply';

test('a follow-up carries the last messages, oldest first, and no more than the contract takes', () => {
  const conversation = new Conversation();
  for (let n = 1; n <= 8; n += 1) {
    conversation.add(`Fråga ${n}?`, reply({ sentences: [sentence('quote', `Citat ${n}.`, 0)] }));
  }
  const history = conversation.history();
  expect(history).toHaveLength(MAX_HISTORY);
  expect(history.slice(0, 2)).toEqual([
    { role: 'user', content: 'Fråga 4?' },
    { role: 'assistant', content: 'Citat 4.' },
  ]);
});

test('the summary stands for the answer, and an answer is cut at whole characters', () => {
  const conversation = new Conversation();
  const sentences = [sentence('summary', '👵'.repeat(3000), 0), sentence('quote', 'Citat.', 0)];
  conversation.add('Fråga?', reply({ sentences }));
  expect(conversation.history()[1]?.content).toBe('👵'.repeat(2000));
});

test('a new question forgets everything', () => {
  const conversation = new Conversation();
  conversation.add('Fråga?', reply({ status: 'no_support' }));
  expect(conversation.isEmpty).toBe(false);
  conversation.clear();
  expect(conversation.history()).toEqual([]);
});
