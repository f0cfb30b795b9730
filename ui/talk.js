// Runs once in the conversation's HTML component: buttons -> events of the page, copying, keeping the newest turn in view.
// Gradio gives: element, trigger(event, data), watch(property, callback).
const told = {
  cite: (b) => trigger('cite', { passage: b.dataset.passage, said: b.dataset.said }),
  example: (b) => trigger('example', { text: b.dataset.text }),
  vote: (b) => trigger('vote', { turn: Number(b.dataset.turn), vote: b.dataset.vote }),
  cancel: (b) => trigger('vote', { turn: Number(b.dataset.turn), vote: '' }),
  reason: (b) => trigger('reason', {
    turn: Number(b.dataset.turn),
    text: b.closest('.reason').querySelector('textarea').value,
  }),
  copy: (b) => copy(b.dataset.text).then(() => {
    const word = b.textContent;
    b.textContent = b.dataset.done;
    setTimeout(() => { b.textContent = word; }, 1500);
  }),
};

// navigator.clipboard exists only on https and localhost; an intranet address needs the old way.
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.style.cssText = 'position:fixed;opacity:0';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (!button || !element.contains(button)) return;
  if (button.dataset.do === 'cite') window.advisorOpener = button;
  told[button.dataset.do]?.(button);
});

// Follow the newest turn while its answer comes, unless the reader scrolls; leave the page alone after that.
let seen = 0;
let following = false;
for (const kind of ['wheel', 'touchmove']) {
  window.addEventListener(kind, () => { following = false; }, { passive: true });
}
watch('value', () => requestAnimationFrame(() => {
  const turns = element.querySelectorAll('.turn');
  const last = turns[turns.length - 1];
  if (turns.length > seen) following = true;
  seen = turns.length;
  if (!last) return;
  if (following) last.scrollIntoView({ block: 'start' });
  if (!last.matches('.busy')) following = false;
  const reason = element.querySelector('.reason textarea');
  if (reason && document.activeElement !== reason) {
    reason.closest('.reason').scrollIntoView({ block: 'nearest' });
    reason.focus({ preventScroll: true });
  }
}));
