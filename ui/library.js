// Runs once in each HTML part of the tab 资料库: files -> the server, buttons -> events with what the form holds.
const shelf = element.closest('.library-desk');
const PLAIN = ['stop', 'leave', 'remove', 'undo', 'fix', 'cancel', 'save', 'open'];

async function bring(files) {
  const zone = element.querySelector('.drop');
  if (!zone || !files.length) return;
  const limit = Number(zone.dataset.limit) * 1024 * 1024;
  const sent = [], unsent = [];
  for (const file of files) {
    zone.dataset.sending = file.name;
    try {
      if (file.size > limit) throw new Error('too large');
      const { path } = await upload(file);
      sent.push({ path, name: file.name });
    } catch {
      unsent.push(file.name);
    }
  }
  delete zone.dataset.sending;
  trigger('bring', { files: sent, unsent });
}

function held(button) {
  const form = button.closest('form');
  const facts = form ? Object.fromEntries(new FormData(form)) : {};
  const home = button.closest('[data-id]');
  return { id: home ? home.dataset.id : '', facts, ...button.dataset };
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-do]');
  if (!button) return;
  if (button.dataset.do === 'open') window.advisorOpener = button;
  if (button.dataset.do === 'take_all') {
    const forms = [...element.querySelectorAll('form.facts-form')];
    trigger('take', { all: forms.map((form) => ({ id: form.dataset.id, facts: Object.fromEntries(new FormData(form)) })) });
  } else if (button.dataset.do === 'take') {
    const one = held(button);
    trigger('take', { all: [{ id: one.id, facts: one.facts }] });
  } else if (PLAIN.includes(button.dataset.do)) {
    trigger(button.dataset.do, held(button));
  }
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.target.matches('.within')) trigger('within', { words: new FormData(event.target).get('words') });
});
element.addEventListener('change', (event) => {
  if (event.target.matches('[data-filter]')) trigger('filter', { status: event.target.value });
  if (event.target.matches('.drop input[type="file"]')) {
    bring([...event.target.files]);
    event.target.value = '';
  }
});

if (element.querySelector('.drop')) {
  for (const kind of ['dragenter', 'dragover']) {
    shelf.addEventListener(kind, (event) => {
      event.preventDefault();
      shelf.dataset.over = '1';
    });
  }
  for (const kind of ['dragleave', 'drop']) shelf.addEventListener(kind, () => { delete shelf.dataset.over; });
  shelf.addEventListener('drop', (event) => {
    event.preventDefault();
    bring([...event.dataTransfer.files]);
  });
}
// Files that were dropped into the chat and are wanted here; this tab may be drawn before or after.
const bringHeld = () => {
  const files = window.advisorHeld ?? [];
  if (!element.querySelector('.drop')) return;
  window.advisorHeld = [];
  bring(files);
};
document.addEventListener('advisor-held', bringHeld);
bringHeld();

watch('value', () => requestAnimationFrame(() => {
  const first = element.querySelector('.recognized');
  const top = first?.getBoundingClientRect().top;
  if (first && (top < 0 || top > innerHeight * 0.7)) first.scrollIntoView({ block: 'start' });
}));
