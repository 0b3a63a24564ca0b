// A reply in, its quotes grouped by legal weight and numbered in reading order out.
import type { AskReply, DocumentCard, Source } from './contract';

/** Legal rank, the weightiest first. Case law stands beside the order; what is not in force on the day comes last, in its own lane. */
export const RANKS = [
  'lag',
  'forordning',
  'foreskrift',
  'allmanna_rad',
  'handbok',
  'riktlinje',
  'rutin',
  'other',
  'case_law',
  'not_in_force',
] as const;

export type Rank = (typeof RANKS)[number];

/** One place that the answer rests on, with every quote taken from it. */
export interface CitedSource {
  /** As shown to the reader, from 1. */
  number: number;
  source: Source;
  quotes: string[];
}

export interface Arrangement {
  groups: { rank: Rank; cited: CitedSource[] }[];
  /** Index into the reply's sources to the number shown. */
  numberOf: Map<number, number>;
  /** Sources that no sentence cites. */
  uncited: Source[];
}

/** The lane that a document is shown in. */
export function rankOf(document: DocumentCard): Rank {
  if (document.status !== 'in_force') return 'not_in_force';
  if (document.kind === 'rattsfall' || document.kind === 'beslut') return 'case_law';
  if (document.kind === 'rapport' || document.kind === 'ovrigt') return 'other';
  return (RANKS as readonly string[]).includes(document.kind) ? document.kind : 'other';
}

/** Groups and numbers the quotes of a reply. Within a rank the server's order stays. */
export function arrange(reply: AskReply): Arrangement {
  const citedIndexes = new Set(reply.sentences.flatMap((sentence) => sentence.citations));
  const isCited = (index: number) => citedIndexes.size === 0 || citedIndexes.has(index);
  const entries = reply.sources.map((source, index) => ({ source, index, rank: rankOf(source.document) }));
  const numberOf = new Map<number, number>();
  const groups = RANKS.map((rank) => ({
    rank,
    cited: entries
      .filter((entry) => entry.rank === rank && isCited(entry.index))
      .map(({ source, index }) => {
        numberOf.set(index, numberOf.size + 1);
        return { number: numberOf.size, source, quotes: quotesOf(reply, index) };
      }),
  })).filter((group) => group.cited.length > 0);
  return { groups, numberOf, uncited: reply.sources.filter((_, index) => !isCited(index)) };
}

function quotesOf(reply: AskReply, index: number): string[] {
  const sentences = reply.sentences
    .filter((sentence) => sentence.kind === 'quote' && sentence.citations.includes(index))
    .map((sentence) => sentence.text);
  const own = reply.sources[index]?.quote ?? '';
  // The source's own quote may already hold the sentences, or be one of them: each word is shown once.
  const all = own === '' ? sentences : [own, ...sentences.filter((text) => !own.includes(text))];
  return [...new Set(all)];
}
