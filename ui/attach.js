// Runs once where files are handed in: sheets go to the server, for documents the library is offered.
const zone = () => element.querySelector('.attach');
const desk = element.closest('.talk-desk');
const say = (css, text) => {
  const line = element.querySelector(css);
  line.hidden = !text;
  (line.querySelector('span') ?? line).textContent = text;
};
let held = [];

async function take(files) {
  const { sheets, limit, sending, offer } = zone().dataset;
  const isSheet = (file) => sheets.split(' ').some((end) => file.name.toLowerCase().endsWith(end));
  const sent = [], unsent = [];
  for (const file of files.filter(isSheet)) {
    say('.told', sending.replace('{file}', file.name));
    try {
      if (file.size > Number(limit) * 1024 * 1024) throw new Error('too large');
      const { path } = await upload(file);
      sent.push({ path, name: file.name });
    } catch {
      unsent.push(file.name);
    }
  }
  say('.told', '');
  if (sent.length || unsent.length) trigger('bring', { files: sent, unsent });
  const others = files.filter((file) => !isSheet(file));
  if (!others.length) return;
  held = others;
  say('.offer', offer.replace('{files}', others.map((file) => file.name).join('、')));
}

element.addEventListener('change', (event) => {
  if (!event.target.matches('input[type="file"]')) return;
  take([...event.target.files]);
  event.target.value = '';
});
element.addEventListener('click', (event) => {
  const wish = event.target.closest('button[data-do]')?.dataset.do;
  if (!wish) return;
  say('.offer', '');
  if (wish !== 'take') return;
  // The library's own tab reads them and asks to confirm what it recognized.
  window.advisorHeld = held;
  const tabs = [...document.querySelectorAll('button[role="tab"]')];
  tabs.find((tab) => tab.textContent.trim() === zone().dataset.tab)?.click();
  document.dispatchEvent(new Event('advisor-held'));
});
for (const kind of ['dragenter', 'dragover']) {
  desk.addEventListener(kind, (event) => {
    event.preventDefault();
    desk.dataset.over = '1';
  });
}
for (const kind of ['dragleave', 'drop']) desk.addEventListener(kind, () => { delete desk.dataset.over; });
desk.addEventListener('drop', (event) => {
  event.preventDefault();
  take([...event.dataTransfer.files]);
});
