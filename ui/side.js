// Runs once in each part beside the conversation: buttons and forms -> events of the page.
const told = {
  say: ({ text }) => trigger('say', { text }),
  edit: ({ kind, fact }) => trigger('edit', { kind, fact }),
  report: ({ kind }) => trigger('report', { kind }),
  open: ({ id }) => trigger('open', { id }),
  save: ({ id, kind }) => trigger('save', { id, kind }),
  delete: ({ id }) => trigger('delete', { id }),
};

element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-do]');
  if (button && element.contains(button)) told[button.dataset.do]?.(button.dataset);
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  const { fact, id } = event.target.dataset;
  const typed = Object.fromEntries(new FormData(event.target));
  if (fact) trigger('edit', { kind: 'set', fact, ...typed });
  if (id) trigger('rename', { id, ...typed });
});
