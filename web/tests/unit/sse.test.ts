import { describe, expect, test } from 'vitest';
import { EventStreamParser, type StreamEvent } from '../../src/sse';

const encoder = new TextEncoder();

/** The events of a stream that arrives in pieces of `size` bytes. */
function parse(stream: string, size = Infinity): StreamEvent[] {
  const bytes = encoder.encode(stream);
  const parser = new EventStreamParser();
  const events: StreamEvent[] = [];
  for (let at = 0; at < bytes.length; at += size) events.push(...parser.push(bytes.slice(at, at + size)));
  return events;
}

const STREAM = ': vila\n\nevent: sources\ndata: ["11 kap. 1 § SoL"]\n\n: vila\nevent: done\ndata: {"å":"👵"}\n\n';
const EVENTS = [
  { event: 'sources', data: '["11 kap. 1 § SoL"]' },
  { event: 'done', data: '{"å":"👵"}' },
];

describe('the event stream', () => {
  test.each([1, 2, 3, 7, 64, Infinity])('is the same in pieces of %s bytes, also inside å and emoji', (size) => {
    expect(parse(STREAM, size)).toEqual(EVENTS);
  });

  test.each([1, 5, Infinity])('takes carriage returns as line breaks, in pieces of %s bytes', (size) => {
    expect(parse(STREAM.replaceAll('\n', '\r\n'), size)).toEqual(EVENTS);
  });

  test('joins data lines and names an unnamed event message', () => {
    expect(parse('data: one\ndata:two\n\n')).toEqual([{ event: 'message', data: 'one\ntwo' }]);
  });

  test('gives nothing for an event without data or without its end', () => {
    expect(parse('event: done\n\nevent: done\ndata: {}\n')).toEqual([]);
  });
});
