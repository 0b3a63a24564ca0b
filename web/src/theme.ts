// A click in, light or dark out. The choice is the only thing that this page ever stores in the browser.
import { byId } from './dom';
import { t } from './strings';

const KEY = 'lotsen.theme';

export function setUpTheme(): void {
  const toggle = byId('theme', HTMLButtonElement);
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (document.documentElement.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const label = () => (toggle.textContent = t(isDark() ? 'theme.toLight' : 'theme.toDark'));
  toggle.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    remember(theme);
    label();
  });
  system.addEventListener('change', label);
  label();
  toggle.hidden = false;
}

function remember(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is closed: the choice holds until the page is left.
  }
}
