// Runs once in the conversation's HTML component: buttons -> events of the page, copying, keeping the newest turn in view.
// Gradio gives: element, trigger(event, data), watch(property, callback).
const told = {
  cite: ({ passage, document, place, said }) => trigger('cite', { passage, document, place, said }),
  say: ({ text }) => trigger('say', { text }),
  report: ({ kind }) => trigger('report', { kind }),
  vote: ({ turn, vote }) => trigger('vote', { turn: Number(turn), vote }),
  cancel: ({ turn }) => trigger('vote', { turn: Number(turn), vote: '' }),
  reason: ({ turn }, b) => trigger('reason', {
    turn: Number(turn),
    text: b.closest('.reason').querySelector('textarea').value,
  }),
  copy: ({ text, done }, b) => copy(text).then(() => {
    const word = b.textContent;
    b.textContent = done;
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
  told[button.dataset.do]?.(button.dataset, button);
});

// Follow the newest turn while its reply comes, unless the reader scrolls; leave the page alone after that.
let seen = 0;
let following = false;
for (const kind of ['wheel', 'touchmove']) {
  window.addEventListener(kind, () => { following = false; }, { passive: true });
}
watch('value', () => requestAnimationFrame(() => {
  const turns = element.querySelectorAll('.turn');
  const last = turns[turns.length - 1];
  // The window's own memory of its conversation: it is there again after loading anew, and no other window sees it.
  sessionStorage.setItem('advisor-conversation', element.querySelector('.talk')?.dataset.conversation ?? '');
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
