// Runs once in each part beside the conversation: buttons and forms -> events of the page.
const told = {
  say: ({ text }) => trigger('say', { text }),
  edit: ({ kind, fact }) => trigger('edit', { kind, fact }),
  report: ({ kind }) => trigger('report', { kind }),
  open: ({ id }) => trigger('open', { id }),
  save: ({ id, kind }) => trigger('save', { id, kind }),
  delete: ({ id }) => trigger('delete', { id }),
};

// A change made while a reply still comes waits for its end: it is taken then, not lost.
function whenIdle(act) {
  if (document.querySelector('.talk')?.getAttribute('aria-busy') !== 'true') act();
  else setTimeout(() => whenIdle(act), 100);
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-do]');
  if (button && element.contains(button)) whenIdle(() => told[button.dataset.do]?.(button.dataset));
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  const { fact, id } = event.target.dataset;
  const typed = Object.fromEntries(new FormData(event.target));
  if (fact) whenIdle(() => trigger('edit', { kind: 'set', fact, ...typed }));
  if (id) whenIdle(() => trigger('rename', { id, ...typed }));
});
