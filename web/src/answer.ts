// The checked reply in, the finished answer out: notices, summary, quotes by legal rank, or that the material does not say.
import type { AskReply, Notice, Source } from './contract';
import { h, moveTo, type Child } from './dom';
import { feedbackLine } from './feedback';
import { quoteCard } from './quote';
import { arrange, type Arrangement, type CitedSource, type Rank } from './rank';
import { t } from './strings';

export interface AnswerView {
  /** Prefix that keeps the anchors of several answers apart. */
  id: string;
  onShow: (source: Source, quotes: string[], opener: HTMLElement) => void;
}

/** Notices that belong to the reading of the quotes; they stand between the summary and the quotes. */
const READING_NOTICES = new Set(['individual_assessment', 'local_guideline']);
/** Says how the summary came to be, and stands in it; without a summary it stands last. */
const AI_NOTICE = 'ai_generated';
/** Said by the page itself where the answer would stand. Every other notice stands first. */
const NO_SUPPORT_NOTICE = 'no_support';

export function answerNodes(reply: AskReply, view: AnswerView): Child[] {
  const those = (wanted: (code: string) => boolean) => reply.notices.filter(({ code }) => wanted(code)).map(noticeLine);
  const elsewhere = new Set([...READING_NOTICES, AI_NOTICE, NO_SUPPORT_NOTICE]);
  return [
    ...those((code) => !elsewhere.has(code)),
    ...body(
      reply,
      { reading: those((code) => READING_NOTICES.has(code)), ai: those((code) => code === AI_NOTICE) },
      view,
    ),
    reply.answer_id !== undefined && feedbackLine(reply.answer_id, `${view.id}-feedback`),
    colophon(reply),
  ];
}

interface PlacedNotices {
  reading: HTMLElement[];
  ai: HTMLElement[];
}

function body(reply: AskReply, { reading, ai }: PlacedNotices, view: AnswerView): Child[] {
  if (reply.status === 'no_support') return [...noSupport(reply, view), ...reading, ...ai];
  const arrangement = arrange(reply);
  const summed = summary(reply, arrangement, ai, view);
  return [
    reply.status === 'refused' && h('p', { class: 'no-support' }, t('refusal.declined')),
    summed,
    ...reading,
    ...arrangement.groups.map((group) => rankGroup(group.rank, group.cited, view)),
    alsoRead(arrangement.uncited),
    ...(summed === undefined ? ai : []),
  ];
}

/** One notice, before the words that it is about. */
export function noticeLine(notice: Notice): HTMLElement {
  return h('p', { class: 'notice', 'data-code': notice.code }, notice.text);
}

function summary(
  reply: AskReply,
  { numberOf }: Arrangement,
  ai: HTMLElement[],
  view: AnswerView,
): HTMLElement | undefined {
  const sentences = reply.sentences.filter((sentence) => sentence.kind === 'summary');
  if (sentences.length === 0) return undefined;
  const lines = sentences.map((sentence) => {
    const numbers = sentence.citations.flatMap((index) => numberOf.get(index) ?? []);
    return h('p', {}, sentence.text, ...numbers.flatMap((number) => [' ', citation(number, view)]));
  });
  return h(
    'section',
    { class: 'summary' },
    h('h3', {}, t('answer.summary'), ' ', h('small', {}, t('answer.summaryNote'))),
    ...lines,
    ...ai,
    reply.dropped_sentences > 0 && h('p', { class: 'hint' }, dropped(reply.dropped_sentences)),
  );
}

function citation(number: number, view: AnswerView): HTMLElement {
  const target = quoteId(view, number);
  const label = t('answer.citation', { number });
  const link = h('a', { class: 'citation', href: `#${target}`, 'aria-label': label }, String(number));
  link.addEventListener('click', (event) => {
    // The address bar is kept for the source, so that the back button closes it and does nothing else.
    event.preventDefault();
    const quote = document.getElementById(target);
    if (quote !== null) moveTo(quote);
  });
  return link;
}

function rankGroup(rank: Rank, cited: CitedSource[], view: AnswerView): HTMLElement {
  return h(
    'section',
    { class: 'rank-group', 'data-rank': rank },
    h('h3', {}, t(`rank.${rank}`), ' ', h('small', {}, t(`rankNote.${rank}`))),
    ...cited.map(({ number, source, quotes }) =>
      quoteCard({ source, quotes, number, id: quoteId(view, number), onShow: view.onShow }),
    ),
  );
}

function alsoRead(sources: Source[]): HTMLElement | undefined {
  if (sources.length === 0) return undefined;
  return h('details', { class: 'also-read' }, h('summary', {}, t('answer.alsoRead')), referenceList(sources));
}

/** References with the titles they belong to, without any words of the passages. */
export function referenceList(sources: Source[]): HTMLElement {
  const items = sources.map(({ reference, document }) =>
    h('li', {}, h('span', { class: 'reference' }, reference), ' ', h('cite', {}, document.title)),
  );
  return h('ul', { class: 'reference-list' }, ...items);
}

function noSupport(reply: AskReply, view: AnswerView): Child[] {
  const cards = reply.nearest.map((source) => quoteCard({ source, quotes: [source.quote], onShow: view.onShow }));
  return [
    h('p', { class: 'no-support' }, t('answer.noSupport')),
    h('p', {}, t('answer.noSupportLead')),
    cards.length > 0 && h('section', { class: 'nearest' }, h('h3', {}, t('answer.nearest')), ...cards),
  ];
}

/** Which release, and which model, the words above come from. */
export function colophon(reply: Pick<AskReply, 'release' | 'model'>): HTMLElement {
  return h(
    'p',
    { class: 'colophon' },
    h('span', {}, t('answer.release', { release: reply.release })),
    Boolean(reply.model) && h('span', {}, t('answer.model', { model: reply.model ?? '' })),
  );
}

function dropped(count: number): string {
  return count === 1 ? t('answer.droppedOne') : t('answer.dropped', { count });
}

function quoteId(view: AnswerView, number: number): string {
  return `${view.id}-${number}`;
}
