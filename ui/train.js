// Runs once in the tab 练评审: buttons -> events with what their form holds, steps moved up and down, the exam's clock.
const found = (home) => {
  const held = {};
  for (const box of home?.querySelectorAll('[name]') ?? []) {
    if (['radio', 'checkbox'].includes(box.type) && !box.checked) continue;
    if (box.dataset.many) (held[box.name] ??= []).push(box.value);
    else held[box.name] = box.value;
  }
  const steps = [...(home?.querySelectorAll('[data-answer]') ?? [])];
  if (steps.length) held.answer = steps.map((step) => step.dataset.answer);
  return held;
};
const act = (button, more = {}) => {
  const { do: wish, ...data } = button.dataset;
  trigger('act', { do: wish, told: JSON.stringify({ ...found(button.closest('form')), ...data, do: wish, ...more }) });
};

element.addEventListener('click', (event) => {
  const move = event.target.closest('button[data-move]');
  if (move) {
    const step = move.closest('li');
    if (move.dataset.move === '1') step.nextElementSibling?.after(step);
    else step.previousElementSibling?.before(step);
    move.focus();
    return;
  }
  const button = event.target.closest('button[data-do]');
  if (!button) return;
  if (button.dataset.do === 'cite') {
    window.advisorOpener = button;
    trigger('cite', { passage: button.dataset.passage });
  } else if (button.dataset.do === 'point') {
    const place = [...element.querySelectorAll('[name="where"]')].find((box) => !box.value);
    if (!place) return;
    place.value = button.dataset.place;
    place.closest('details')?.setAttribute('open', '');
    place.scrollIntoView({ block: 'center' });
    place.focus({ preventScroll: true });
  } else {
    act(button);
  }
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  const button = event.target.querySelector('button.primary') ?? event.target.querySelector('button[data-do]');
  if (button) act(button);
});
element.addEventListener('change', (event) => {
  const wish = event.target.dataset.file;
  const file = event.target.files?.[0];
  if (!wish || !file) return;
  const reader = new FileReader();
  reader.onload = () => {
    const content = file.size > 5 * 1024 * 1024 ? '' : String(reader.result).split(',')[1] ?? '';
    const told = { ...found(event.target.closest('form')), name: file.name, content };
    trigger('act', { do: wish, told: JSON.stringify(told) });
  };
  reader.readAsDataURL(file);
  event.target.value = '';
});

// The exam's clock: when time is up, the paper is handed in as it is.
let ahead = 0; // how far this machine's clock is ahead of the one that counts
const tick = () => {
  const clock = element.querySelector('[data-deadline]');
  if (!clock) return;
  const left = Math.max(0, Math.round((Number(clock.dataset.deadline) - Date.now() + ahead) / 1000));
  clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  clock.toggleAttribute('data-soon', left < 300);
  if (left || clock.dataset.over) return;
  clock.dataset.over = '1';
  trigger('act', { do: 'finish', told: JSON.stringify({ ...found(clock.closest('form')), do: 'finish' }) });
};
setInterval(tick, 1000);
watch('value', () => requestAnimationFrame(() => {
  const now = element.querySelector('[data-now]')?.dataset.now;
  if (now) ahead = Date.now() - Number(now);
  tick();
  const name = element.querySelector('.train')?.dataset.trainee;
  if (name) localStorage.setItem('advisor-trainee', name);
  const shown = element.querySelector('.feedback, .because, .result-sheet, .comparison');
  const top = shown?.getBoundingClientRect().top;
  if (shown && (top < 0 || top > innerHeight * 0.7)) shown.scrollIntoView({ block: 'center' });
}));
