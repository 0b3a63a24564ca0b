// Questions in, the server's replies out: every request of this page. Nothing is cached and no text of a question stands in an address.
import type {
  AskReply,
  AskRequest,
  CaseLawReply,
  CaseLawRequest,
  Feedback,
  GuardReply,
  Passage,
  Problem,
  Sentence,
  Source,
} from './contract';
import { EventStreamParser, type StreamEvent } from './sse';

/** The server sends at least a comment every ten seconds; silence for three times that means that it is gone. */
const SILENCE_MS = 30_000;

export type AskEvent =
  | { event: 'sources'; sources: Source[] }
  | { event: 'sentence'; sentence: Sentence }
  | { event: 'done'; reply: AskReply };

/** A request that got no answer: what the server said, or nothing when the connection failed. Never holds the question. */
export class RequestFailure extends Error {
  constructor(
    readonly problem?: Problem,
    readonly retryAfterSeconds?: number,
  ) {
    super(problem === undefined ? 'no connection' : `problem ${problem.status}`);
  }
}

/** Asks, and gives the events as they come; the last one is `done`. Throws RequestFailure, or AbortError when stopped. */
export async function* ask(request: AskRequest, signal: AbortSignal): AsyncGenerator<AskEvent> {
  const response = await post('/v1/ask', request, 'text/event-stream', signal);
  if (!isType(response, 'text/event-stream')) {
    yield { event: 'done', reply: await json<AskReply>(response) };
    return;
  }
  for await (const event of events(response, signal)) {
    const known = read(event);
    if (known === undefined) continue;
    yield known;
    if (known.event === 'done') return;
  }
  throw new RequestFailure();
}

/** The decisions for and against that bear on a question. Throws as `ask` does. */
export async function caseLaw(request: CaseLawRequest, signal: AbortSignal): Promise<CaseLawReply> {
  return json<CaseLawReply>(await post('/v1/case-law', request, 'application/json', signal));
}

/** What the guard finds in a text while it is being written. */
export async function guard(text: string, signal: AbortSignal): Promise<GuardReply> {
  return json<GuardReply>(await post('/v1/guard', { text }, 'application/json', signal));
}

/** Says what an answer was worth. The server counts it and keeps nothing. */
export async function giveFeedback(feedback: Feedback): Promise<void> {
  await post('/v1/feedback', feedback, 'application/json', null);
}

/** A passage with its neighbours. */
export async function passage(id: string, signal: AbortSignal): Promise<Passage> {
  const address = `/v1/passages/${encodeURIComponent(id)}`;
  return json<Passage>(await send(address, { headers: { Accept: 'application/json' }, signal }));
}

function post(address: string, body: unknown, accept: string, signal: AbortSignal | null): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', Accept: accept };
  return send(address, { method: 'POST', headers, body: JSON.stringify(body), signal });
}

async function send(address: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { ...init, cache: 'no-store', credentials: 'same-origin' });
  } catch (error) {
    throw asFailure(error);
  }
  if (response.ok) return response;
  throw new RequestFailure(await problemOf(response), retryAfter(response));
}

async function json<Reply>(response: Response): Promise<Reply> {
  try {
    return (await response.json()) as Reply;
  } catch (error) {
    throw asFailure(error);
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const bare = { type: 'about:blank', title: '', status: response.status };
  if (!isType(response, 'application/problem+json')) return bare;
  return { ...bare, ...(await json<Problem>(response)) };
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined;
}

function isType(response: Response, type: string): boolean {
  return (response.headers.get('Content-Type') ?? '').startsWith(type);
}

function asFailure(error: unknown): unknown {
  return error instanceof DOMException && error.name === 'AbortError' ? error : new RequestFailure();
}

async function* events(response: Response, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  const parser = new EventStreamParser();
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader.read());
      if (done) return;
      yield* parser.push(value);
    }
  } catch (error) {
    throw asFailure(error);
  } finally {
    // Closing the connection is what frees the model on the server. A stream that already failed has nothing to close.
    if (!signal.aborted) await reader.cancel().catch(() => undefined);
  }
}

function withinSilence<Value>(read: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout>;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RequestFailure()), SILENCE_MS);
  });
  return Promise.race([read, silence]).finally(() => clearTimeout(timer));
}

function read({ event, data }: StreamEvent): AskEvent | undefined {
  const value = parse(data);
  switch (event) {
    case 'sources':
      return { event, sources: Array.isArray(value) ? value : ((value as { sources?: Source[] }).sources ?? []) };
    case 'sentence':
      return { event, sentence: value as Sentence };
    case 'done':
      return { event, reply: value as AskReply };
    case 'error':
      throw new RequestFailure(value as Problem);
    default:
      return undefined;
  }
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw new RequestFailure();
  }
}
