const room = document.getElementById('room')
const events = new EventSource(room.dataset.events)
const setText = (id, text) => {
  const element = document.getElementById(id)
  // Screen readers speak on every change of a status, so only real ones.
  if (element.textContent !== text) element.textContent = text
}

events.addEventListener('room', ({ data }) => {
  const { html, headcount, recording } = JSON.parse(data)
  room.innerHTML = html
  setText('headcount', headcount)
  setText('recording', recording)
})
events.addEventListener('ended', ({ data }) => {
  events.close()
  location.assign(JSON.parse(data).logoutUrl)
})
events.addEventListener('open', () => setText('connection', ''))
events.addEventListener('error', () => {
  if (events.readyState === EventSource.CLOSED) location.assign('/html5client/ended')
  else setText('connection', 'Connection lost, trying again…')
})
