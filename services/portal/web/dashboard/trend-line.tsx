import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Trend } from '../../src/picture/trend.ts'
import { formatNumber } from '../format.ts'
import { text } from '../text.ts'

const leastSeconds = 300

/** People in meetings over the last hour. */
export function TrendLine({ trend, now }: { trend: Trend; now: number }) {
  const place = useRef<HTMLDivElement>(null)
  const data = columns(trend, now)
  const latest = useRef(data)
  const plot = useRef<uPlot>(undefined)
  latest.current = data
  useEffect(() => {
    const box = place.current
    if (!box) return
    const draw = () => {
      plot.current?.destroy()
      plot.current = drawTrend(box, latest.current)
    }
    const resized = new ResizeObserver(draw)
    resized.observe(box)
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    return () => {
      resized.disconnect()
      scheme.removeEventListener('change', draw)
      plot.current?.destroy()
    }
  }, [])
  useEffect(() => plot.current?.setData(latest.current), [trend, now])

  const peak = formatNumber(Math.max(now, ...trend.participants))
  return (
    <figure class="trend">
      <div ref={place} class="plot" role="img" aria-label={text.trend.label(peak, formatNumber(now))} />
      <figcaption aria-hidden="true">
        {trend.atMs.length === 0 ? (
          <span>{text.trend.empty}</span>
        ) : (
          <>
            <span>{text.trend.start(Math.round(spanSeconds(data[0]) / 60))}</span>
            <span>{text.trend.peak(peak)}</span>
            <span>{text.trend.end}</span>
          </>
        )}
      </figcaption>
    </figure>
  )
}

/** The samples, and the present as the last of them. */
function columns({ atMs, participants }: Trend, now: number): [number[], number[]] {
  const times = atMs.map((ms) => ms / 1_000)
  const last = times.at(-1)
  if (last === undefined) return [[], []]
  return [
    [...times, Math.max(Date.now() / 1_000, last + 1)],
    [...participants, now],
  ]
}

/** At first the line has few minutes to show: it shows those, and widens to the hour. */
const spanSeconds = (times: readonly number[]) =>
  Math.min(Math.max((times.at(-1) ?? 0) - (times[0] ?? 0), leastSeconds), 3_600)

function drawTrend(box: HTMLElement, data: [number[], number[]]): uPlot {
  const style = getComputedStyle(box)
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const options: uPlot.Options = {
    width: box.clientWidth,
    height: box.clientHeight,
    padding: [rem / 4, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: true, range: ({ data: [times] }, _min, max) => [(max || 0) - spanSeconds([...times]), max || 0] },
      y: { range: (_plot, _min, max) => [0, Math.max(max || 0, 1) * 1.1] },
    },
    series: [
      {},
      {
        stroke: style.color,
        width: rem / 7,
        fill: `color-mix(in srgb, ${style.color} 18%, transparent)`,
        points: { show: false },
      },
    ],
  }
  return new uPlot(options, data, box)
}
