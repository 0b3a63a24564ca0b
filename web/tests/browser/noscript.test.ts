// Without script the plain form asks, and the server answers with pages of its own.
import { expect, test } from 'vitest';
import { expectNoSideScroll, NARROW, onPage, picture, REFUSAL_OF_SERVICE, useBrowser } from './browser';

useBrowser();

test('question, answer, source: all without script', () =>
  onPage({ javaScriptEnabled: false, viewport: NARROW }, async (page) => {
    await page.getByLabel('Din fråga').fill(REFUSAL_OF_SERVICE);
    await page.getByRole('button', { name: 'Fråga', exact: true }).click();
    await page.waitForURL('**/fraga');
    expect(await page.locator('article.answer blockquote').count()).toBeGreaterThan(0);
    expect(page.url()).not.toContain('hemtj');
    await picture(page, 'no-script', true);
    const source = page.locator('article.quote a[href^="/d/"]').first();
    await source.click();
    await page.locator('main.document').waitFor();
    expect(new URL(page.url()).hash).not.toBe('');
  }));

test('the form has room on a narrow screen', () =>
  onPage({ viewport: NARROW, javaScriptEnabled: false }, async (page) => {
    expect(await page.locator('#ask').getAttribute('method')).toBe('post');
    expect(await page.locator('button:visible').count()).toBe(1);
    await page.setViewportSize(NARROW);
  }).then(() => onPage({ viewport: NARROW }, expectNoSideScroll)));
