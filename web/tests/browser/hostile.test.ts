// Hostile text in the question, in documents and in what the model writes: it is shown as text and never runs.
import { expect, test } from 'vitest';
import { answerWith, ask, LOTSEN, onPage, useBrowser } from './browser';

useBrowser();

const TAGS = [
  'img',
  'svg',
  'video',
  'audio',
  'iframe',
  'object',
  'embed',
  'input',
  'details',
  'body',
  'form',
  'style',
  'math',
];
/** Those that the page has no use for itself. */
const FOREIGN = TAGS.filter((tag) => !['input', 'details', 'form', 'body'].includes(tag));
const EVENTS = [
  'onerror',
  'onload',
  'onfocus',
  'ontoggle',
  'onanimationstart',
  'onpointerover',
  'onbeforetoggle',
  'oncut',
];
const FRAMES = [
  (core: string) => core,
  (core: string) => `"><${core.slice(1)}`,
  (core: string) => `</p></blockquote>${core}`,
  (core: string) => `<!--><!-- --!>${core}`,
  (core: string) => `&lt;b&gt;${core}`,
];
const PLAIN = [
  '<script>globalThis.executed=1</script>',
  '<scr<script>ipt>globalThis.executed=1</scr</script>ipt>',
  '<a href="javascript:globalThis.executed=1">öppna</a>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=globalThis.executed=1&gt;">',
  '<base href="https://example.org/">',
  '<meta http-equiv="refresh" content="0;url=javascript:globalThis.executed=1">',
  '![x](javascript:globalThis.executed=1)',
  '{{constructor.constructor("globalThis.executed=1")()}}',
  '\u202E<img src=x onerror=globalThis.executed=1>\u202C',
];
const PAYLOADS = [
  ...PLAIN,
  ...TAGS.flatMap((tag) =>
    EVENTS.map((event) => `<${tag} src=x autofocus open tabindex=0 ${event}="globalThis.executed=1">`),
  ).flatMap((core) => FRAMES.map((frame) => frame(core))),
];
const ADDRESSES = [
  'javascript:globalThis.executed=1',
  'data:text/html,<script>1</script>',
  '//example.org/',
  'https://example.org/',
  'vbscript:x',
];

/** A reply with the payload in every field that a document, a file name or a model can fill. */
function hostileReply(payloads: string[]) {
  const source = (text: string, index: number) => ({
    passage_id: text,
    document: {
      id: text,
      title: text,
      kind: 'lag',
      issuer: text,
      valid_from: text,
      valid_to: null,
      status: 'in_force',
    },
    reference: text,
    heading_path: [text],
    page: null,
    quote: text,
    url: ADDRESSES[index % ADDRESSES.length],
  });
  return {
    status: 'answered',
    sentences: payloads.flatMap((text, index) => [
      { text, kind: 'summary', support: 'verified', citations: [index] },
      { text, kind: 'quote', support: 'verbatim', citations: [index] },
    ]),
    sources: payloads.map(source),
    nearest: [],
    notices: payloads.slice(0, 20).map((text) => ({ code: text, text })),
    dropped_sentences: 0,
    release: payloads[0],
    model: payloads[0],
  };
}

// The policy is switched off here, so that a payload that got into the page as HTML would really run.
const UNPROTECTED = { bypassCSP: true };

test(`${PAYLOADS.length} payloads through title, reference, passage, model output and notices run nowhere`, () =>
  onPage(UNPROTECTED, async (page) => {
    await answerWith(page, 200, hostileReply(PAYLOADS));
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(LOTSEN)) elsewhere.push(request.url());
    });
    await ask(page, PLAIN[0] as string);
    await page.waitForTimeout(500);
    expect(await page.evaluate(() => 'executed' in globalThis)).toBe(false);
    expect(elsewhere).toEqual([]);
    expect(
      await page
        .locator('main')
        .locator(`script, base, meta, [src], ${FOREIGN.join(', ')}`)
        .count(),
    ).toBe(0);
    expect(await page.locator('.answer a:not(.citation)').count()).toBe(0);
    expect(await page.locator('.rank-group blockquote').count()).toBe(PAYLOADS.length);
    expect(await page.locator('.rank-group blockquote').allTextContents()).toEqual(PAYLOADS);
  }));

test('a hostile passage in the source pane is text, with no link out', () =>
  onPage(UNPROTECTED, async (page) => {
    const [first] = hostileReply([PLAIN[3] as string]).sources;
    const neighbours = PAYLOADS.slice(0, 60).map((text) => ({ passage_id: text, reference: text, text }));
    await answerWith(page, 200, hostileReply(PLAIN));
    await page.route('**/v1/passages/**', (route) =>
      route.fulfill({
        json: { ...first, text: PLAIN.join(' '), heading_path: PLAIN, before: neighbours, after: neighbours },
      }),
    );
    await ask(page, 'Vad säger lagen?');
    await page.locator('.show-source').first().click();
    await page.locator('#source mark').first().waitFor();
    expect(await page.evaluate(() => 'executed' in globalThis)).toBe(false);
    expect(await page.locator('#source').locator('script, img, svg, a, style, [src]').count()).toBe(0);
  }));

test('asked for real, one after the other in a conversation, they are text', () =>
  onPage({}, async (page) => {
    for (const payload of PLAIN) {
      await ask(page, payload);
      expect(await page.evaluate(() => 'executed' in globalThis)).toBe(false);
      const placed = page.locator('main').locator('script, img, svg, iframe, style, base, meta, a[href^="javascript"]');
      expect(await placed.count()).toBe(0);
    }
  }));
