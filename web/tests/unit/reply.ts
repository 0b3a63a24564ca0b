// Replies for the unit tests, with only what a test is about spelled out.
import type { AskReply, DocumentCard, Sentence, Source } from '../../src/contract';

export function source(kind: DocumentCard['kind'], reference: string, rest: Partial<DocumentCard> = {}): Source {
  return {
    passage_id: reference,
    document: { id: kind, title: kind, kind, issuer: 'Riksdagen', status: 'in_force', ...rest },
    reference,
    heading_path: [],
    quote: `Ord ur ${reference}.`,
    url: `/d/${kind}/1`,
  };
}

export function sentence(kind: Sentence['kind'], text: string, ...citations: number[]): Sentence {
  return { text, kind, support: kind === 'quote' ? 'verbatim' : 'verified', citations };
}

export function reply(rest: Partial<AskReply>): AskReply {
  return {
    status: 'answered',
    sentences: [],
    sources: [],
    nearest: [],
    notices: [],
    dropped_sentences: 0,
    release: 'r1',
    ...rest,
  };
}
