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
  panel.toggleAttribute('data-open', Boolean(mark));
  document.body.toggleAttribute('data-source-open', Boolean(mark));
  if (!mark) return;
  const top = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top + panel.scrollTop;
  panel.scrollTop = Math.max(0, top - panel.clientHeight / 3);
  mark.focus({ preventScroll: true });
});

element.addEventListener('click', (event) => {
  if (event.target.closest('[data-do="close"]')) close();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && element.querySelector('mark')) close();
});
watch('value', show);
show();
