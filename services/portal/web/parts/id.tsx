import { useEffect, useState } from 'preact/hooks'
import { shortId } from '../format.ts'
import { text } from '../text.ts'

const saidForMs = 1_500

/** An id, shortened; a click copies the whole of it. */
export function Id({ id }: { id: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), saidForMs)
    return () => clearTimeout(timer)
  }, [copied])
  const onClick = async () => setCopied(await copy(id))
  return (
    <button class="id" type="button" title={text.id.copy(id)} onClick={onClick}>
      {copied ? text.id.copied : shortId(id)}
    </button>
  )
}

/** Browsers give the clipboard to secure pages only; on others the old way still works. */
async function copy(value: string): Promise<boolean> {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(value).then(
      () => true,
      () => false,
    )
  }
  const field = document.createElement('textarea')
  field.value = value
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  return copied
}
