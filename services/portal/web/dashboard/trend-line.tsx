import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Trend } from '../../src/picture/trend.ts'
import { formatNumber } from '../format.ts'
import { text } from '../text.ts'

const hourSeconds = 3_600

/** People in meetings over the last hour. */
export function TrendLine({ trend, now }: { trend: Trend; now: number }) {
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef(trend)
  const plot = useRef<uPlot>(undefined)
  latest.current = trend
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
  useEffect(() => plot.current?.setData(columns(trend)), [trend])

  const peak = formatNumber(Math.max(now, ...trend.participants))
  return (
    <figure class="trend">
      <div ref={place} class="plot" role="img" aria-label={text.trend.label(peak, formatNumber(now))} />
      <figcaption aria-hidden="true">
        {trend.atMs.length === 0 ? (
          <span>{text.trend.empty}</span>
        ) : (
          <>
            <span>{text.trend.start}</span>
            <span>{text.trend.peak(peak)}</span>
            <span>{text.trend.end}</span>
          </>
        )}
      </figcaption>
    </figure>
  )
}

const columns = ({ atMs, participants }: Trend): uPlot.AlignedData => [atMs.map((ms) => ms / 1_000), participants]

function drawTrend(box: HTMLElement, trend: Trend): uPlot {
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
      x: { time: true, range: (_plot, _min, max) => [(max || 0) - hourSeconds, max || 0] },
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
  return new uPlot(options, columns(trend), box)
}
