// Applies the chosen light or dark mode before the first paint. Separate and small because the page allows no inline script.
try {
  const theme = localStorage.getItem('lotsen.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed: the system's own preference holds.
}
