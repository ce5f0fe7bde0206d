import { render } from 'preact'
import './dashboard.css'
import { Dashboard } from './dashboard.tsx'

const place = document.getElementById('app')
if (place) {
  place.replaceChildren()
  render(<Dashboard />, place)
}
