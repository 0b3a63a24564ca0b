// What the browser tests share: a Chromium, a page of the running Lotsen (LOTSEN_URL), questions, axe and screenshots.
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

export const LOTSEN = process.env.LOTSEN_URL ?? 'http://localhost:8080';
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SCREENSHOTS = process.env.LOTSEN_SCREENSHOTS;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const REFUSAL_OF_SERVICE = 'Får vi säga nej till hemtjänst för att vi inte har insatsen?';
export const CASE_LAW = 'Kan kontaktperson nekas för att den enskilde har vänner och bor i gruppbostad?';
export const ONE_SIDED = 'Får makar bo ihop i särskilt boende när de länge har haft var sin bostad?';
export const OFF_TOPIC = 'Vad kostar parkering i Huddinge?';
export const REPEALED = 'Vad säger 4 kap. 1 § SoL?';
/** One of the published test numbers, which belong to nobody. */
export const TEST_NUMBER = '19460823-9986';
/** A surname alone, which may be an author's: possible, and no more. */
export const POSSIBLE = 'Vad säger Granqvist om hur lång tid en förhandsbedömning får ta?';
export const PERSONAL = `👵 Har Berit ${TEST_NUMBER} rätt till hemtjänst?`;

export const WIDE = { width: 1366, height: 850 };
export const NARROW = { width: 320, height: 640 };

/** True when the server holds the acts themselves, and not only the demonstration's guidelines. */
export async function holdsActs(): Promise<boolean> {
  const reply = await fetch(new URL('/v1/documents', LOTSEN));
  const { documents } = (await reply.json()) as { documents: { id: string }[] };
  return documents.some(({ id }) => id === 'sfs-2025-400');
}

let browser: Browser;

/** Starts a browser for the tests of a file, and ends it after them. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  });
  afterAll(() => browser.close());
}

/** Runs a test on a fresh page. It fails if the page itself failed: a script error, or something that the policy had to stop. */
export async function onPage(options: BrowserContextOptions, test: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: WIDE, locale: 'sv-SE', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
  try {
    await page.goto(LOTSEN);
    await test(page);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Asks and waits for the whole answer, or for what came instead of one. */
export async function ask(page: Page, question: string): Promise<void> {
  await page.fill('#question', question);
  await page.press('#question', 'Enter');
  await page.locator('.answer-body[aria-busy="false"]').first().waitFor();
}

/** Asks for the decisions for and against, and waits for them. */
export async function askCaseLaw(page: Page, question: string): Promise<void> {
  await page.fill('#question', question);
  await page.getByRole('button', { name: 'Avgöranden för och emot' }).click();
  await page.locator('.answer-body[aria-busy="false"]').first().waitFor();
}

/** axe on what the page shows now: nothing serious may stand. */
export async function expectAccessible(page: Page): Promise<void> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const found = violations.map(
    ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.html).join(' | ')}`,
  );
  expect(found).toEqual([]);
}

/** Nothing may be wider than the screen. */
export async function expectNoSideScroll(page: Page): Promise<void> {
  const { content, screen } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    screen: innerWidth,
  }));
  expect(content).toBeLessThanOrEqual(screen);
}

/** Keeps a picture where LOTSEN_SCREENSHOTS names a folder. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  if (SCREENSHOTS !== undefined) await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage });
}

/** Lets the page meet a reply that a healthy server does not give. */
export async function answerWith(page: Page, status: number, body: unknown, headers: Record<string, string> = {}) {
  const contentType = status === 200 ? 'application/json' : 'application/problem+json';
  await page.route('**/v1/ask', (route) => route.fulfill({ status, contentType, headers, body: JSON.stringify(body) }));
}
