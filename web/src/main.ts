// Starts the page: theme, source pane and question box, and between them the conversation.
import { ask, caseLaw, RequestFailure } from './api';
import { caseLawQuotes } from './case-law';
import type { AskRequest, CaseLawReply } from './contract';
import { Conversation, type Answered } from './conversation';
import { byId, h, present } from './dom';
import { Progress } from './progress';
import { QuestionForm, type Wanted } from './question';
import { isPersonalData } from './refusal';
import { SourcePane } from './source';
import { setUpTheme } from './theme';
import { Turn } from './turn';

/** A fault of this page or a reply that it cannot read; the reader is told the same as when the server fails. */
const UNEXPECTED = { type: 'about:blank', title: '', status: 500 };

setUpTheme();

const pane = new SourcePane();
const form = new QuestionForm((request, wanted) => void run(request, wanted));
const conversation = new Conversation();
const current = byId('current', HTMLElement);
const earlier = byId('earlier', HTMLElement);
const examples = byId('examples', HTMLElement);
const newQuestion = byId('new-question', HTMLButtonElement);
let turn: Turn | undefined;
let running: AbortController | undefined;

examples.hidden = false;
for (const example of examples.querySelectorAll('button')) {
  example.addEventListener('click', () => form.write(example.textContent ?? ''));
}
newQuestion.addEventListener('click', startOver);
document.querySelector('.skip-link')?.addEventListener('click', (event) => {
  // Without script the link jumps; here the address belongs to the source pane, and a jump would close it.
  event.preventDefault();
  form.focus();
});

/** One question from the box to the end of its answer. */
async function run(request: AskRequest, wanted: Wanted): Promise<void> {
  const stopper = new AbortController();
  running = stopper;
  const progress = new Progress(() => stopper.abort(), form.waitsForWhole);
  const whole = conversation.continued(request);
  const shown = begin(request, whole, progress, wanted);
  form.setBusy(true);
  try {
    const answered = await (wanted === 'answer'
      ? answer(whole, shown, progress, stopper)
      : decisions(whole, shown, stopper));
    if (answered === undefined) return;
    conversation.add(request, answered);
    form.clear();
    form.setFollowUp(true);
  } catch (error) {
    // A conversation that the reader has left has nothing more to say.
    if (running !== stopper) return;
    if (stopper.signal.aborted) shown.stop();
    else end(shown, error instanceof RequestFailure ? error : new RequestFailure(UNEXPECTED));
  } finally {
    if (running === stopper) form.setBusy(false);
  }
}

/** Shows an answer as it comes; nothing when the reader has gone on to something else. */
async function answer(
  whole: AskRequest,
  shown: Turn,
  progress: Progress,
  stopper: AbortController,
): Promise<Answered | undefined> {
  for await (const event of ask(whole, stopper.signal)) {
    if (running !== stopper) return undefined;
    if (event.event === 'sources') progress.showSources(event.sources);
    if (event.event === 'sentence') progress.addSentence(event.sentence);
    if (event.event === 'done') {
      shown.finish(event.reply);
      return event.reply;
    }
  }
  return undefined;
}

/** Shows the decisions for and against; nothing when the reader has gone on to something else. */
async function decisions(
  { mode: _, ...whole }: AskRequest,
  shown: Turn,
  stopper: AbortController,
): Promise<Answered | undefined> {
  const reply = await caseLaw(whole, stopper.signal);
  if (running !== stopper) return undefined;
  shown.finishCaseLaw(reply);
  return asAnswered(reply);
}

/** The decisions as a follow-up remembers them: their quotes. */
function asAnswered(reply: CaseLawReply): Answered {
  const quotes = caseLawQuotes(reply).map(({ quote }) => quote);
  const sentences = quotes.map((text) => ({
    text,
    kind: 'quote' as const,
    support: 'verbatim' as const,
    citations: [],
  }));
  return { status: reply.status, sentences };
}

/** What the page shows when no answer came. */
function end(shown: Turn, failure: RequestFailure): void {
  if (failure.problem !== undefined && isPersonalData(failure.problem)) shown.refuse(failure.problem);
  else shown.fail(failure);
}

/** Puts a new turn on the page; an answer that was there moves below, what failed goes away. `whole` is what is sent. */
function begin(request: AskRequest, whole: AskRequest, progress: Progress, wanted: Wanted): Turn {
  if (turn?.isAnswered) {
    const details = h('details', {}, h('summary', {}, turn.question), turn.element);
    earlier.querySelector('h2')?.after(details);
    earlier.hidden = false;
  }
  turn = new Turn(whole, progress, {
    onShow: (source, quotes, opener) => pane.open(source, quotes, opener),
    onWrite: (text) => form.write(text),
    onConfirm: (confirmed) => void run({ ...request, confirmed: [...(request.confirmed ?? []), ...confirmed] }, wanted),
    onFollowUp: () => form.focus(),
    onRetry: () => void run(request, wanted),
  });
  current.replaceChildren(...present([turn.element]));
  examples.hidden = true;
  newQuestion.hidden = false;
  document.body.classList.add('has-answer');
  turn.focus();
  return turn;
}

/** Forgets the conversation. */
function startOver(): void {
  running?.abort();
  running = undefined;
  turn = undefined;
  conversation.clear();
  pane.reset();
  current.replaceChildren();
  earlier.querySelectorAll('details').forEach((details) => details.remove());
  earlier.hidden = true;
  examples.hidden = false;
  newQuestion.hidden = true;
  document.body.classList.remove('has-answer');
  form.setBusy(false);
  form.setFollowUp(false);
  form.write('');
}
