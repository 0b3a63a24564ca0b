// Questions and answers in, the history that a follow-up sends out. Kept in memory only: closing or reloading the page forgets it.
import type { AskReply, Message } from './contract';
import { MAX_HISTORY } from './contract';
import { t } from './strings';

/** Characters of an answer that a follow-up needs; the rest would only make the request heavier. */
const MAX_ANSWER = 2000;

export class Conversation {
  private messages: Message[] = [];

  get isEmpty(): boolean {
    return this.messages.length === 0;
  }

  add(question: string, reply: AskReply): void {
    this.messages.push({ role: 'user', content: question }, { role: 'assistant', content: plainText(reply) });
  }

  /** The last messages, oldest first. */
  history(): Message[] {
    return this.messages.slice(-MAX_HISTORY);
  }

  clear(): void {
    this.messages = [];
  }
}

/** The answer as plain text: the summary where there is one, else the quotes. */
function plainText(reply: AskReply): string {
  if (reply.status === 'no_support') return t('answer.noSupport');
  const summary = reply.sentences.filter((sentence) => sentence.kind === 'summary');
  const shown = summary.length > 0 ? summary : reply.sentences;
  const text = shown.map((sentence) => sentence.text).join(' ');
  return [...text].slice(0, MAX_ANSWER).join('') || t('refusal.declined');
}
