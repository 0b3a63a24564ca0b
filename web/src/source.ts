// A cited place in, its passage beside the answer out, with the quoted words marked. The address bar says which place is open.
import { passage, RequestFailure } from './api';
import { announce } from './announce';
import type { Neighbour, Passage, Source } from './contract';
import { button, byId, h, moveTo, ownAddress, present, type Child } from './dom';
import { locate, markedNodes } from './marks';
import { documentLine } from './quote';
import { t } from './strings';

const HASH = '#kalla=';
/** Below this width the source covers the answer instead of standing beside it; the same width as in layout.css. */
const NARROW = '(max-width: 63.99rem)';

export class SourcePane {
  private readonly pane = byId('source', HTMLElement);
  private readonly narrow = matchMedia(NARROW);
  private opener: HTMLElement | undefined;
  private loading: AbortController | undefined;
  /** Quotes of the answers on the page, so that a step in the browser's history can mark them again. */
  private readonly known = new Map<string, { source: Source; quotes: string[] }>();

  constructor() {
    window.addEventListener('popstate', () => this.followAddress());
    this.narrow.addEventListener('change', () => this.setModal());
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !this.pane.hidden) this.close();
    });
    this.followAddress();
  }

  /** Opens the place of a quote; closing it goes back to the opener. */
  open(source: Source, quotes: string[], opener: HTMLElement): void {
    const id = source.passage_id;
    const address = HASH + encodeURIComponent(id);
    this.known.set(id, { source, quotes });
    this.setOpener(opener);
    // One step in the history for the open pane, whatever is shown in it: back closes it.
    if (this.pane.hidden) history.pushState({ opened: true }, '', address);
    else history.replaceState(history.state, '', address);
    this.show(id);
  }

  close(): void {
    if ((history.state as { opened?: boolean } | null)?.opened) history.back();
    else {
      history.replaceState(null, '', location.pathname);
      this.hide();
    }
  }

  /** Closes the pane and forgets what was quoted, for a new conversation. */
  reset(): void {
    this.known.clear();
    if (!this.pane.hidden) this.close();
  }

  private followAddress(): void {
    const id = placeInAddress();
    if (id !== undefined) this.show(id);
    else if (!this.pane.hidden) this.hide();
  }

  private show(id: string): void {
    this.loading?.abort();
    this.pane.hidden = false;
    document.body.classList.add('has-source');
    this.setModal();
    const { source } = this.known.get(id) ?? {};
    const heading = this.render(source?.reference ?? t('source.label'), [
      source && documentLine(source),
      h('p', { class: 'hint' }, t('source.loading')),
    ]);
    moveTo(heading);
    void this.load(id);
  }

  private async load(id: string): Promise<void> {
    const loading = new AbortController();
    this.loading = loading;
    const { source, quotes } = this.known.get(id) ?? { quotes: [] };
    try {
      const found = await passage(id, loading.signal);
      this.render(found.reference, passageNodes(found, quotes));
      this.pane.querySelector('mark')?.scrollIntoView({ block: 'nearest' });
      announce(t('source.opened', { reference: found.reference }));
    } catch (error) {
      if (error instanceof RequestFailure) this.render(source?.reference ?? t('source.label'), this.failed(id, error));
    }
  }

  private failed(id: string, failure: RequestFailure): Child[] {
    const { source, quotes } = this.known.get(id) ?? { quotes: [] };
    const missing = failure.problem?.status === 404;
    const text = t(missing ? 'source.missing' : 'source.failed');
    announce(text);
    return [
      h('p', { class: 'notice' }, text),
      !missing && button(t('trouble.retry'), () => this.show(id), { class: 'quiet' }),
      ...quotes.map((quote) => h('blockquote', {}, quote)),
      source && documentLink(source.url),
    ];
  }

  /** Replaces the content and keeps the heading, where the keyboard stands. */
  private render(title: string, children: Child[]): HTMLElement {
    const heading = this.pane.querySelector('h2') ?? h('h2', { tabindex: '-1', id: 'source-heading' });
    heading.textContent = title;
    const content = h('div', { class: 'source-content' }, ...children);
    if (heading.isConnected) this.pane.querySelector('.source-content')?.replaceWith(content);
    else {
      const close = button(t('source.close'), () => this.close(), { class: 'quiet close-source' });
      this.pane.replaceChildren(h('div', { class: 'source-head' }, heading, close), content);
    }
    return heading;
  }

  private hide(): void {
    this.loading?.abort();
    this.pane.hidden = true;
    this.pane.replaceChildren();
    document.body.classList.remove('has-source');
    this.setModal();
    if (this.opener?.isConnected) moveTo(this.opener);
    this.setOpener(undefined);
  }

  /** The quote whose source is open is seen to be the one. */
  private setOpener(opener: HTMLElement | undefined): void {
    this.opener?.closest('.quote')?.classList.remove('open');
    opener?.closest('.quote')?.classList.add('open');
    this.opener = opener;
  }

  /** On a narrow screen the pane covers the page, so the rest must not be reachable behind it. */
  private setModal(): void {
    const modal = !this.pane.hidden && this.narrow.matches;
    for (const part of document.querySelectorAll('.skip-link, .site-header, main, .site-footer')) {
      part.toggleAttribute('inert', modal);
    }
    for (const [name, value] of [
      ['role', 'dialog'],
      ['aria-modal', 'true'],
    ] as const) {
      if (modal) this.pane.setAttribute(name, value);
      else this.pane.removeAttribute(name);
    }
  }
}

function placeInAddress(): string | undefined {
  if (!location.hash.startsWith(HASH)) return undefined;
  try {
    return decodeURIComponent(location.hash.slice(HASH.length)) || undefined;
  } catch {
    return undefined;
  }
}

function passageNodes(found: Passage, quotes: string[]): Child[] {
  const ranges = quotes.flatMap((quote) => locate(found.text, quote) ?? []);
  const path = found.heading_path.map((heading) => h('li', {}, heading));
  return [
    documentLine(found),
    path.length > 0 && h('ol', { class: 'heading-path', 'aria-label': t('source.path') }, ...path),
    ...(found.before ?? []).map((neighbour) => neighbourText(neighbour, t('source.before'))),
    h('div', { class: 'passage-text' }, ...markedNodes(found.text, ranges)),
    ranges.length < quotes.length && h('p', { class: 'notice' }, t('source.quoteMissing')),
    ...(found.after ?? []).map((neighbour) => neighbourText(neighbour, t('source.after'))),
    documentLink(found.url),
  ];
}

function neighbourText({ reference, text }: Neighbour, label: string): HTMLElement {
  return h(
    'section',
    { class: 'neighbour', 'aria-label': label },
    h('p', { class: 'reference' }, reference),
    h('div', { class: 'passage-text' }, text),
  );
}

function documentLink(url: string): HTMLElement | undefined {
  const href = ownAddress(url);
  return href === undefined
    ? undefined
    : h('p', { class: 'open-document' }, ...present([h('a', { href }, t('source.open'))]));
}
