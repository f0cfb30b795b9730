// Runs once in the remark's and in the result's HTML component: buttons -> events, and into view where it is below.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-do]');
  if (!button) return;
  if (button.dataset.do === 'jump') window.advisorJump?.(button.dataset.field);
  if (button.dataset.do === 'open') {
    window.advisorOpener = button;
    trigger('open', { passage: button.dataset.passage });
  }
  if (button.dataset.do === 'route') trigger('route');
  if (button.dataset.do === 'report') trigger('report', { kind: button.dataset.kind });
});
watch('value', () => requestAnimationFrame(() => {
  const shown = element.querySelector('.moved, .outcome, .notice');
  const top = shown?.getBoundingClientRect().top;
  if (shown && (top < 0 || top > innerHeight * 0.6)) shown.scrollIntoView({ block: 'start' });
}));
