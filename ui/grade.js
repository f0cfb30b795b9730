// Runs once in the form's HTML component: shows what the rule set needs, sends what is typed, reads an uploaded file.
// What is typed stays in the page; nothing is redrawn but by a file that was read, or 恢复.
const form = () => element.querySelector('form');
const fields = () => [...form().querySelectorAll('[data-for]')];

function arrange() {
  if (!form()) return;
  const rules = form().elements.rules.value;
  for (const one of fields()) one.hidden = !one.dataset.for.split(' ').includes(rules);
  for (const one of element.querySelectorAll('details.section')) {
    one.hidden = !one.querySelector('.field[data-for]:not([hidden])');
  }
  count();
}

function count() {
  for (const one of element.querySelectorAll('.filled')) {
    const home = one.closest('details');
    const boxes = [...home.querySelectorAll('.field:not([hidden]) > input:not(.source), .field:not([hidden]) > select')];
    const filled = boxes.filter((b) => b.value.trim() && !b.closest('[hidden]')).length;
    one.textContent = filled ? one.dataset.words.replace('{count}', filled) : '';
  }
}

function typed() {
  const facts = {}, excuses = {};
  const { rules, name, year } = form().elements;
  for (const box of form().querySelectorAll('.field > input:not(.source), .field > select')) {
    const text = box.value.trim();
    if (!text || box.closest('[hidden]')) continue;
    if (box.name.startsWith('excuse:')) {
      excuses[box.name.slice(7)] = text;
    } else {
      const source = box.closest('.field').querySelector('.source');
      facts[box.name] = { text, source: source ? source.value.trim() : '' };
    }
  }
  return { rules: rules.value, name: name.value.trim(), year: year.value.trim(), facts, excuses };
}

async function upload(file) {
  const limit = 20 * 1024 * 1024;
  const told = { name: file.name, rules: form().elements.rules.value, year: form().elements.year.value.trim() };
  if (file.size > limit) return trigger('upload', { ...told, content: '', size: file.size });
  const url = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(file);
  });
  trigger('upload', { ...told, content: String(url).split(',')[1] ?? '', size: file.size });
}

const told = {
  try: () => trigger('try', typed()),
  reset: () => trigger('reset'),
  template: () => trigger('template', { rules: form().elements.rules.value }),
};
element.addEventListener('submit', (event) => { event.preventDefault(); trigger('grade', typed()); });
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-do]');
  if (!button || button.type === 'submit') return;
  told[button.dataset.do]?.();
});
element.addEventListener('input', count);
element.addEventListener('change', (event) => {
  if (event.target.name === 'rules') arrange();
  if (event.target.type === 'file' && event.target.files.length) {
    upload(event.target.files[0]);
    event.target.value = '';
  }
});
element.addEventListener('dragover', (event) => event.preventDefault());
element.addEventListener('drop', (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) upload(event.dataTransfer.files[0]);
});

// 去填 and 去改, pressed on the result side: open what holds the field and put the cursor there.
window.advisorJump = (name) => {
  const box = [...form().querySelectorAll('.field > input, .field > select')].find((b) => b.name === name)
    ?? [...form().querySelectorAll('.field > input, .field > select')].find((b) => b.name.split('/')[0] === name);
  if (!box) return;
  for (let home = box.closest('details'); home; home = home.parentElement.closest('details')) home.open = true;
  box.scrollIntoView({ block: 'center' });
  box.focus({ preventScroll: true });
};
watch('value', () => requestAnimationFrame(arrange));
arrange();
