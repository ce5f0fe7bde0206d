import { render } from 'preact'
import './trace.css'
import { TracePage } from './trace-page.tsx'

const place = document.getElementById('app')
if (place) {
  place.replaceChildren()
  render(<TracePage traceId={location.pathname.split('/').at(-1) ?? ''} />, place)
}
