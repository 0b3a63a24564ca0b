// One cited place in, the card with its words, reference and validity out.
import { copy } from './clipboard';
import type { DocumentCard, Source } from './contract';
import { readableDate, today } from './dates';
import { button, h, ownAddress } from './dom';
import { announce } from './announce';
import { t, tOr } from './strings';

/** How long the copy button says that it has copied. */
const COPIED_MS = 2500;

export interface QuoteCard {
  source: Source;
  quotes: string[];
  /** The number that the summary points at; none for places that are not an answer. */
  number?: number;
  /** Anchor for the number, unique on the page. */
  id?: string;
  onShow: (source: Source, quotes: string[], opener: HTMLElement) => void;
}

export function quoteCard({ source, quotes, number, id, onShow }: QuoteCard): HTMLElement {
  const { reference } = source;
  const show = button(t('quote.show'), () => onShow(source, quotes, show), {
    class: 'show-source',
    'aria-label': t('quote.showLabel', { reference }),
  });
  return h(
    'article',
    { class: 'quote', id, tabindex: '-1' },
    h(
      'header',
      {},
      number !== undefined &&
        h('span', { class: 'quote-number', 'aria-label': t('quote.number', { number }), role: 'img' }, String(number)),
      h('h4', { class: 'reference' }, reference),
      documentLine(source),
    ),
    ...quotes.map((text) => h('blockquote', {}, text)),
    h('div', { class: 'quote-actions' }, show, copyButton(source, quotes)),
    printedAddress(source.url),
  );
}

/** Title, issuer, page and validity of a document on one line; the title only where the reference above lacks it. */
export function documentLine({
  document,
  page,
  reference,
}: Pick<Source, 'document' | 'page' | 'reference'>): HTMLElement {
  const badge = validityBadge(document);
  const from = document.status === 'in_force' && document.valid_from;
  return h(
    'p',
    { class: 'document-line' },
    !reference.includes(document.title) && h('cite', {}, document.title),
    h('span', {}, document.issuer),
    page != null && h('span', {}, t('quote.page', { page })),
    Boolean(from) && h('span', {}, t('validity.from', { date: readableDate(from as string) })),
    badge !== undefined && h('span', { class: 'badge' }, badge),
    document.invented === true && h('span', { class: 'badge' }, t('validity.invented')),
  );
}

/** What the reader must see about a text that does not simply apply, and nothing for one that does. */
export function validityBadge({ status, valid_from, valid_to }: DocumentCard): string | undefined {
  if (status === 'future') {
    return valid_from ? t('validity.future', { date: readableDate(valid_from) }) : t('validity.futureUndated');
  }
  // Also for an answer about an earlier day: that the text has been repealed since then must not be missed.
  if (status === 'repealed' || (valid_to && valid_to <= today())) {
    return valid_to ? t('validity.repealed', { date: readableDate(valid_to) }) : t('validity.repealedUndated');
  }
  return valid_to ? t('validity.ends', { date: readableDate(valid_to) }) : undefined;
}

function copyButton(source: Source, quotes: string[]): HTMLButtonElement {
  const label = t('quote.copyLabel', { reference: source.reference });
  const element = button(t('quote.copy'), () => void run(), { class: 'quiet', 'aria-label': label });
  const run = async () => {
    const result = t((await copy(plainQuote(source, quotes))) ? 'quote.copied' : 'quote.copyFailed');
    element.textContent = result;
    announce(result);
    setTimeout(() => (element.textContent = t('quote.copy')), COPIED_MS);
  };
  return element;
}

/** A quote as it is pasted into an investigation: words, reference, link. */
export function plainQuote(source: Source, quotes: string[]): string {
  const words = quotes.map((text) => `”${text}”`).join('\n');
  const badge = validityBadge(source.document);
  const place = [source.reference, source.document.title, tOr(`kind.${source.document.kind}`, 'kind.ovrigt'), badge];
  const address = ownAddress(source.url);
  return [words, place.filter(Boolean).join(', '), address].filter(Boolean).join('\n');
}

function printedAddress(url: string): HTMLElement | undefined {
  const address = ownAddress(url);
  return address === undefined ? undefined : h('p', { class: 'print-only' }, address);
}
