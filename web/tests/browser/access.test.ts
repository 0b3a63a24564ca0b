// Everyone can use the page: axe on every view in light and dark, 320 px, keyboard alone, screen reader, less motion.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  answerWith,
  ask,
  askCaseLaw,
  CASE_LAW,
  expectAccessible,
  expectNoSideScroll,
  NARROW,
  OFF_TOPIC,
  ONE_SIDED,
  onPage,
  PERSONAL,
  POSSIBLE,
  picture,
  REFUSAL_OF_SERVICE,
  REPEALED,
  useBrowser,
  WIDE,
} from './browser';

useBrowser();

const VIEWS: [string, (page: Page) => Promise<void>][] = [
  ['empty', (page) => page.locator('#examples').waitFor()],
  ['answer', (page) => ask(page, REFUSAL_OF_SERVICE)],
  ['source', (page) => ask(page, REFUSAL_OF_SERVICE).then(() => openSource(page))],
  ['refused', (page) => ask(page, PERSONAL)],
  ['possible', (page) => ask(page, POSSIBLE)],
  ['no-support', (page) => ask(page, OFF_TOPIC)],
  ['repealed', (page) => ask(page, REPEALED)],
  ['earlier', (page) => ask(page, OFF_TOPIC).then(() => ask(page, REPEALED))],
  ['case-law', (page) => askCaseLaw(page, CASE_LAW)],
  ['case-law-one-sided', (page) => askCaseLaw(page, ONE_SIDED)],
  ['case-law-none', (page) => askCaseLaw(page, OFF_TOPIC)],
  ['case-law-refused', (page) => askCaseLaw(page, PERSONAL)],
  ['trouble', (page) => answerWith(page, 503, {}, { 'Retry-After': '8' }).then(() => ask(page, REFUSAL_OF_SERVICE))],
  ['document', openDocument],
  ['about', (page) => followFooter(page, 'Om Lotsen')],
  ['accessibility', (page) => followFooter(page, 'Tillgänglighet')],
];

async function openSource(page: Page): Promise<void> {
  await page.locator('.show-source').first().click();
  await page.locator('#source .passage-text').first().waitFor();
}

async function followFooter(page: Page, name: string): Promise<void> {
  await page.locator('.site-footer').getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

async function openDocument(page: Page): Promise<void> {
  await ask(page, REFUSAL_OF_SERVICE);
  await openSource(page);
  await page.locator('#source .open-document a').click();
  await page.locator('main.document').waitFor();
}

test.each(VIEWS)('%s has no finding and no side scroll, wide or narrow, light or dark', (name, open) =>
  onPage({ reducedMotion: 'reduce' }, async (page) => {
    await open(page);
    for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
      await page.setViewportSize(viewport);
      await expectNoSideScroll(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await picture(page, `${name}-${size}-${colorScheme}`, name !== 'source' && name !== 'document');
        await expectAccessible(page);
      }
    }
  }),
);

test('at 400 % zoom the question box is still there without side scroll', () =>
  onPage({ viewport: { width: 320, height: 200 } }, async (page) => {
    await page.locator('#question').scrollIntoViewIfNeeded();
    await expectNoSideScroll(page);
  }));

test('the keyboard alone asks, opens the source, and comes back to where it was', () =>
  onPage({}, async (page) => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip-link');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Rad ett');
    await page.keyboard.press('Shift+Enter');
    expect(await page.inputValue('#question')).toBe('Rad ett\n');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(REFUSAL_OF_SERVICE);
    await page.keyboard.press('Enter');
    await page.locator('.answer-body[aria-busy="false"]').waitFor();
    expect(await focused(page)).toBe(REFUSAL_OF_SERVICE);
    for (let presses = 0; presses < 20 && !(await onShowSource(page)); presses += 1) await page.keyboard.press('Tab');
    const opener = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await page.keyboard.press('Enter');
    await page.locator('#source .passage-text').first().waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('source-heading');
    await page.keyboard.press('Escape');
    await page.locator('#source').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(opener);
  }));

test('on a narrow screen nothing behind the open source can be reached', () =>
  onPage({ viewport: NARROW }, async (page) => {
    await ask(page, REFUSAL_OF_SERVICE);
    await openSource(page);
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('main, header, footer'))).toBeNull();
    }
    await page.getByRole('button', { name: 'Stäng källan' }).click();
    expect(await onShowSource(page)).toBe(true);
  }));

test('a screen reader hears that the search began, and the outcome, from the one live region', () =>
  onPage({}, async (page) => {
    await ask(page, REFUSAL_OF_SERVICE);
    const heard = await page.locator('#live p').allInnerTexts();
    expect(heard[0]).toMatch(/^Söker/);
    expect(heard.at(-1)).toMatch(/^Svaret är klart/);
    expect(await page.locator('[aria-live], [role="status"], [role="alert"]').count()).toBe(1);
  }));

test('a reader whom growing text disturbs gets the answer in one piece', () =>
  onPage({}, async (page) => {
    await page.getByText('Fler val').click();
    await page.getByLabel('Visa svaret först när det är klart').check();
    await page.evaluate(() => {
      new MutationObserver(() => {
        if (document.querySelector('.provisional > *') !== null) document.body.dataset.grew = 'yes';
      }).observe(document.body, { childList: true, subtree: true });
    });
    await ask(page, REFUSAL_OF_SERVICE);
    expect(await page.evaluate(() => document.body.dataset.grew)).toBeUndefined();
    expect(await page.locator('.rank-group blockquote').count()).toBeGreaterThan(0);
  }));

test('the choice of dark mode holds after a reload', () =>
  onPage({ colorScheme: 'light' }, async (page) => {
    await page.locator('#theme').click();
    await page.reload();
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
  }));

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.textContent ?? undefined);
}

function onShowSource(page: Page): Promise<boolean> {
  return page.evaluate(() => document.activeElement?.classList.contains('show-source') ?? false);
}
