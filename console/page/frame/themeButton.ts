import { useState } from 'preact/hooks';
import { html } from '../html.ts';
import { Icon } from '../parts/icon.ts';
import { kept } from './kept.ts';

type Theme = 'system' | 'light' | 'dark';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

const themeNow = (): Theme => {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
};

/** Goes through the system's theme, light and dark. `index.html` applies what is kept at the next load. */
export const ThemeButton = () => {
  const [theme, setTheme] = useState(themeNow);
  const turn = (): void => {
    const next = NEXT[theme];
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    kept.set('theme', next === 'system' ? null : next);
    setTheme(next);
  };
  return html`<button class="bare" type="button" aria-label=${`Theme: ${theme}`} onClick=${turn}>
    <${Icon} shape="retry" tone="calm" class="theme" /><span class="hide-n">Theme: ${theme}</span>
  </button>`;
};
