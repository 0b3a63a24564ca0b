// Questions and answers in, the history that a follow-up sends out. Kept in memory only: closing or reloading the page forgets it.
import type { AskReply, AskRequest, Confirmed, Message } from './contract';
import { MAX_HISTORY } from './contract';
import { t } from './strings';

/** Characters of an answer that a follow-up needs; the rest would only make the request heavier. */
const MAX_ANSWER = 2000;

/** A message, and what in it the reader has said is not about a person. */
interface Said {
  message: Message;
  confirmed: Confirmed[];
}

/** What a follow-up needs of an answer. */
export type Answered = Pick<AskReply, 'status' | 'sentences'>;

export class Conversation {
  private said: Said[] = [];

  add({ question, confirmed = [] }: AskRequest, reply: Answered): void {
    // What was confirmed of earlier messages stays with them: their numbers change as the conversation goes on.
    this.recent().forEach((said, i) => said.confirmed.push(...of(fieldOf(i), confirmed)));
    this.said.push(
      { message: { role: 'user', content: question }, confirmed: of('question', confirmed) },
      { message: { role: 'assistant', content: plainText(reply) }, confirmed: [] },
    );
  }

  /** A question with what was said before it, oldest first. */
  continued(request: AskRequest): AskRequest {
    const recent = this.recent();
    if (recent.length === 0) return request;
    const earlier = recent.flatMap(({ confirmed }, i) => confirmed.map((place) => ({ ...place, field: fieldOf(i) })));
    const confirmed = [...earlier, ...(request.confirmed ?? [])];
    return {
      ...request,
      history: recent.map(({ message }) => message),
      ...(confirmed.length === 0 ? {} : { confirmed }),
    };
  }

  clear(): void {
    this.said = [];
  }

  private recent(): Said[] {
    return this.said.slice(-MAX_HISTORY);
  }
}

function fieldOf(i: number): string {
  return `history[${i}].content`;
}

function of(field: string, confirmed: Confirmed[]): Confirmed[] {
  return confirmed.filter((place) => place.field === field);
}

/** The answer as plain text: the summary where there is one, else the quotes. */
function plainText(reply: Answered): string {
  if (reply.status === 'no_support') return t('answer.noSupport');
  const summary = reply.sentences.filter((sentence) => sentence.kind === 'summary');
  const shown = summary.length > 0 ? summary : reply.sentences;
  const text = shown.map((sentence) => sentence.text).join(' ');
  return [...text].slice(0, MAX_ANSWER).join('') || t('refusal.declined');
}
