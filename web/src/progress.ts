// Events of the stream in, the provisional answer out: places first, then each checked sentence, until the whole reply replaces it.
import { referenceList } from './answer';
import { announce } from './announce';
import type { Sentence, Source } from './contract';
import { button, h } from './dom';
import { t } from './strings';

export class Progress {
  private readonly status = h('p', { class: 'progress-status' }, t('progress.searching'));
  private readonly places = h('details', { class: 'also-read', hidden: true });
  private readonly sentences = h('div', { class: 'provisional' });
  private sources: Source[] = [];
  readonly element: HTMLElement;

  /** `whole`: the sentences are held back until all have come, for readers whom growing text disturbs. */
  constructor(
    onStop: () => void,
    private readonly whole: boolean,
  ) {
    const stop = button(t('progress.stop'), onStop, { class: 'stop' });
    this.element = h(
      'div',
      { class: 'progress' },
      h('div', { class: 'progress-line' }, this.status, stop),
      this.places,
      this.sentences,
    );
    announce(t('progress.searching'));
  }

  showSources(sources: Source[]): void {
    this.sources = sources;
    const count = sources.length;
    this.status.textContent = count === 1 ? t('progress.readingOne') : t('progress.reading', { count });
    this.places.replaceChildren(h('summary', {}, t('progress.places')), referenceList(sources));
    this.places.hidden = count === 0;
    announce(this.status.textContent);
  }

  addSentence(sentence: Sentence): void {
    if (this.whole) return;
    const references = sentence.citations.flatMap((index) => this.sources[index]?.reference ?? []).join(', ');
    const quote = sentence.kind === 'quote';
    this.sentences.append(
      quote
        ? h(
            'article',
            { class: 'quote' },
            h('p', { class: 'reference' }, references),
            h('blockquote', {}, sentence.text),
          )
        : h('p', {}, sentence.text),
    );
    announce(quote ? `${references}: ${sentence.text}` : sentence.text);
  }

  /** The checked sentences that came before the stream broke; undefined when there were none. */
  partial(): HTMLElement | undefined {
    return this.sentences.childElementCount > 0 ? this.sentences : undefined;
  }
}
