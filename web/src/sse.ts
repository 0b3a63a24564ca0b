// Bytes of an event stream in, whole events out (the text/event-stream format of the HTML standard).

export interface StreamEvent {
  event: string;
  data: string;
}

/** Takes the stream in pieces of any size; gives the events that each piece completes. Comments keep a connection alive and are skipped. */
export class EventStreamParser {
  private readonly decoder = new TextDecoder();
  private rest = '';
  private event = '';
  private data: string[] = [];

  push(bytes: Uint8Array): StreamEvent[] {
    this.rest += this.decoder.decode(bytes, { stream: true });
    // A carriage return at the very end may be the first half of a line break: it waits for the next piece.
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.line(line) ?? []);
  }

  private line(line: string): StreamEvent | undefined {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    if (field === 'data') this.data.push(value);
    return undefined;
  }

  private dispatch(): StreamEvent | undefined {
    const complete = { event: this.event || 'message', data: this.data.join('\n') };
    const empty = this.data.length === 0;
    this.event = '';
    this.data = [];
    return empty ? undefined : complete;
  }
}
