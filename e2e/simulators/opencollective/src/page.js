// The sandbox's page: shows what GET /sandbox/orders says and sends what the buttons ask for.
const shownOrders = 100
const refreshEveryMs = 2_000
const byId = (id) => document.getElementById(id)
let drawn = ''

async function call(path, body) {
  const options = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  const answer = await fetch(path, options)
  const result = await answer.json()
  if (!answer.ok) throw new Error(result.error ?? result.message ?? `HTTP ${answer.status}`)
  return result
}

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children)
  return made
}

function money(amountMinor, currency) {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amountMinor / 100)
}

function day(iso) {
  return new Date(iso).toLocaleDateString(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
}

const per = { month: ' a month', year: ' a year', MONTHLY: ' a month', YEARLY: ' a year', ONETIME: ' once' }

const outcomes = {
  sending: 'is on its way',
  delivered: 'delivered',
  refused: 'refused',
  failed: 'failed',
  dropped: 'lost on purpose',
  'no-target': 'not sent (no address)',
  overflow: 'not sent, too many wait',
}

async function act(button, sentence, path, body) {
  button.disabled = true
  try {
    const { webhooks = [] } = await call(path, body)
    const told = webhooks.map(({ type, status }) => `${type} ${outcomes[status]}`).join(', ')
    byId('said').textContent = `${sentence} ${told ? `Webhooks: ${told}.` : 'No webhook tells of it.'}`
    await refresh()
  } catch (error) {
    byId('said').textContent = `That did not work: ${error.message}`
  } finally {
    button.disabled = false
  }
}

function button(order, text, sentence, action, body = {}) {
  const made = element('button', { type: 'button', textContent: text, ariaLabel: `${text}: ${order.from.name}` })
  made.dataset.focus = `${order.legacyId} ${text}`
  made.onclick = () => act(made, `${order.from.name} ${sentence}.`, `/sandbox/orders/${order.legacyId}/${action}`, body)
  return made
}

function tierSwitch(order, tiers) {
  const options = tiers.map(({ slug, name }) => new Option(name, slug, false, slug === order.tierSlug))
  const made = element('select', { ariaLabel: `Tier of ${order.from.name}` }, ...options)
  made.dataset.focus = `${order.legacyId} tier`
  made.onchange = () =>
    act(made, `${order.from.name} changed tier.`, `/sandbox/orders/${order.legacyId}/change`, { tierSlug: made.value })
  return made
}

function actions(order, tiers) {
  const running = ['ACTIVE', 'ERROR'].includes(order.status)
  const recurring = order.frequency !== 'ONETIME'
  const going = running || order.status === 'PAUSED'
  return [
    ...(going && recurring ? [tierSwitch(order, tiers)] : []),
    ...(order.status === 'ACTIVE' && recurring ? [button(order, 'Pause', 'paused', 'pause')] : []),
    ...(order.status === 'PAUSED' ? [button(order, 'Resume', 'resumed', 'resume')] : []),
    ...(order.status === 'PENDING' ? [button(order, 'Money arrived', 'has paid', 'receive')] : []),
    ...(running && recurring ? [cardButton(order)] : []),
    ...(going && recurring ? [button(order, 'Cancel', 'cancelled', 'cancel')] : []),
  ]
}

function cardButton(order) {
  return order.failuresToCome > 0
    ? button(order, 'Mend card', 'has a working card again', 'fail', { times: 0 })
    : button(order, 'Break card', 'will fail to pay from the next charge on', 'fail')
}

function orderRow(order, tiers) {
  const tier = tiers.find(({ slug }) => slug === order.tierSlug)?.name ?? 'no tier'
  const next = order.nextChargeDate && !['CANCELLED', 'DISPUTED'].includes(order.status)
  return element(
    'li',
    { className: 'card' },
    element(
      'div',
      {},
      element('div', { className: 'who', textContent: order.from.name }),
      element('div', { className: 'quiet', textContent: `${tier} · order ${order.legacyId}` }),
    ),
    element(
      'div',
      {},
      element('div', { textContent: money(order.amountMinor, order.currency) + per[order.frequency] }),
      element(
        'div',
        { className: 'quiet' },
        element('span', { className: `status ${order.status}`, textContent: order.status.toLowerCase() }),
        next ? ` · next on ${day(order.nextChargeDate)}` : '',
      ),
    ),
    element('div', { className: 'actions' }, ...actions(order, tiers)),
  )
}

function tierCard(tier) {
  const price = money(tier.amountMinor, tier.currency) + (per[tier.interval] ?? per.ONETIME)
  const choose = element('button', { type: 'button', textContent: 'Choose', ariaLabel: `Choose ${tier.name}` })
  choose.onclick = () => {
    const { tierSlug, name } = byId('start').elements
    tierSlug.value = tier.slug
    name.focus()
  }
  return element(
    'li',
    { className: 'card' },
    element('strong', { textContent: tier.name }),
    element('span', { className: 'price', textContent: price }),
    choose,
  )
}

async function refresh() {
  const { now, collective, webhookUrl, tiers, orders, orderCount } = await call(`/sandbox/orders?limit=${shownOrders}`)
  byId('now').textContent = `${day(now)}, ${now.slice(11, 16)} UTC`
  byId('hook').textContent = webhookUrl ? new URL(webhookUrl).host : 'nobody'
  const seen = JSON.stringify([collective, tiers, orders, orderCount])
  if (seen === drawn) return
  const tiersChanged = JSON.stringify(tiers) !== byId('tiers').dataset.seen
  drawn = seen
  byId('collective').textContent = collective.name
  if (tiersChanged) {
    byId('tiers').dataset.seen = JSON.stringify(tiers)
    byId('tiers').replaceChildren(...tiers.map(tierCard))
    byId('start').elements.tierSlug.replaceChildren(...tiers.map(({ name, slug }) => new Option(name, slug)))
  }
  drawOrders(orders, tiers, orderCount)
}

// Redrawing must not take the keyboard's place away.
function drawOrders(orders, tiers, orderCount) {
  const focused = document.activeElement?.dataset.focus
  byId('orders').replaceChildren(...orders.map((order) => orderRow(order, tiers)))
  byId('none').hidden = orders.length > 0
  const newest = orderCount > shownOrders ? `, the newest ${shownOrders} shown` : ''
  byId('count').textContent = orderCount ? `(${orderCount}${newest})` : ''
  if (focused) document.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus()
}

async function keepFresh() {
  try {
    await refresh()
  } catch (error) {
    byId('said').textContent = `The sandbox does not answer: ${error.message}`
  }
  setTimeout(keepFresh, refreshEveryMs)
}

byId('start').onsubmit = (event) => {
  event.preventDefault()
  const form = event.target
  const { name, email, tierSlug } = Object.fromEntries(new FormData(form))
  const wish = { name, tierSlug, ...(email ? { email } : {}) }
  void act(event.submitter, `${name} contributes.`, '/sandbox/contributions', wish).then(() =>
    form.elements.name.focus(),
  )
}

void keepFresh()
