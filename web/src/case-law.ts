// A reply with case law in, two columns of decisions out: for the person and against, each decision with its own words.
import type { CaseLawReply, Decision, Source } from './contract';
import { readableDate } from './dates';
import { button, h, type Child } from './dom';
import { colophon, noticeLine, type AnswerView } from './answer';
import { t, tOr, type StringKey } from './strings';

/** Said by the page itself where the columns would stand. */
const NO_SUPPORT_NOTICE = 'no_support';

export function caseLawNodes(reply: CaseLawReply, { onShow }: Pick<AnswerView, 'onShow'>): Child[] {
  const notices = reply.notices.filter(({ code }) => code !== NO_SUPPORT_NOTICE).map(noticeLine);
  const shown = (title: StringKey, side: string, decisions: Decision[]) => column(title, side, decisions, onShow);
  return [
    ...notices,
    ...(reply.status === 'answered'
      ? [
          h(
            'div',
            { class: 'case-columns' },
            shown('caseLaw.for', 'for', reply.for),
            shown('caseLaw.against', 'against', reply.against),
          ),
          reply.unclear.length > 0 && shown('caseLaw.unclear', 'unclear', reply.unclear),
        ]
      : [h('p', { class: 'no-support' }, t('caseLaw.noSupport')), h('p', {}, t('caseLaw.noSupportLead'))]),
    colophon(reply),
  ];
}

/** What a screen reader hears when the columns are there. */
export function caseLawOutcome({ status, ...reply }: CaseLawReply): string {
  if (status !== 'answered') return t('caseLaw.noSupport');
  return t('caseLaw.ready', {
    for: reply.for.length,
    against: reply.against.length,
    unclear: reply.unclear.length,
  });
}

/** Every quote of a reply, in reading order: what a follow-up leans on. */
export function caseLawQuotes(reply: CaseLawReply): Source[] {
  return [...reply.for, ...reply.against, ...reply.unclear].flatMap((decision) => decision.quotes);
}

function column(title: StringKey, side: string, decisions: Decision[], onShow: AnswerView['onShow']): HTMLElement {
  const none = decisions.length === 0 && h('p', { class: 'hint' }, t('caseLaw.none'));
  return h(
    'section',
    { class: 'case-column', 'data-side': side },
    h('h3', {}, t(title)),
    none,
    ...decisions.map((decision) => decisionCard(decision, onShow)),
  );
}

function decisionCard(decision: Decision, onShow: AnswerView['onShow']): HTMLElement {
  const { document, court, decided, referat, number, outcome_text, provisions, precedent, invented } = decision;
  const name = referat ?? number;
  return h(
    'article',
    { class: 'decision' },
    h(
      'header',
      {},
      h('h4', {}, document.title),
      h(
        'p',
        { class: 'document-line' },
        h('span', {}, court ?? document.issuer),
        Boolean(decided) && h('span', {}, readableDate(decided as string)),
        Boolean(name) && h('span', {}, name as string),
        invented && h('span', { class: 'badge' }, t('validity.invented')),
      ),
    ),
    h(
      'dl',
      { class: 'decision-facts' },
      fact('caseLaw.outcome', outcome_text),
      provisions.length > 0 && fact('caseLaw.provisions', provisions.join(', ')),
      fact('caseLaw.weight', tOr(`precedent.${precedent}`, 'precedent.example')),
    ),
    ...decision.quotes.map((source) => quoteOf(source, onShow)),
  );
}

function fact(label: StringKey, value: string): HTMLElement {
  return h('div', {}, h('dt', {}, t(label)), h('dd', {}, value));
}

function quoteOf(source: Source, onShow: AnswerView['onShow']): HTMLElement {
  const { reference, quote, heading_path } = source;
  const show = button(t('quote.show'), () => onShow(source, [quote], show), {
    class: 'show-source',
    'aria-label': t('quote.showLabel', { reference }),
  });
  const part = heading_path.at(-1) ?? reference;
  return h('figure', {}, h('blockquote', {}, quote), h('figcaption', {}, h('span', {}, part), show));
}
