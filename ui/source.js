// Runs once in the source panel's HTML component: opens the panel at the cited passage, closes it on × and Escape,
// hands the focus back to what opened it.
const panel = element.closest('.source-panel');

const close = () => {
  panel.removeAttribute('data-open');
  document.body.removeAttribute('data-source-open');
  window.advisorOpener?.focus({ preventScroll: true });
  trigger('close');
};

const show = () => requestAnimationFrame(() => {
  const mark = element.querySelector('mark');
  const shown = element.querySelector('article');
  panel.toggleAttribute('data-open', Boolean(shown));
  document.body.toggleAttribute('data-source-open', Boolean(shown));
  if (!mark) return;
  const top = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top + panel.scrollTop;
  panel.scrollTop = Math.max(0, top - panel.clientHeight / 3);
  mark.focus({ preventScroll: true });
});

element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-do]');
  if (!button) return;
  if (button.dataset.do === 'close') close();
  const { passage, said, page, digest } = button.dataset;
  if (button.dataset.do === 'turn') trigger('turn', { passage, said, page: Number(page) });
  if (button.dataset.do === 'cite') trigger('turn', { passage, digest: digest === '1' });
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && element.querySelector('article')) close();
});
watch('value', show);
show();
