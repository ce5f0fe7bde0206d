/** What can be written: scalars become text, arrays repeat their tag, undefined is left out, `@name` is an attribute, `#text` the text beside it. */
export type Writable = string | number | boolean | undefined | WritableElement | readonly Writable[]
export type WritableElement = { readonly [tag: string]: Writable }

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Escapes text for XML content and attributes; characters that XML 1.0 cannot carry are dropped. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (char) => escapes[char] ?? char)

const tagName = /^[A-Za-z_][A-Za-z0-9_.-]*$/

/** Writes one element. Throws TypeError for a tag that is no XML name: tags come from code, or from names checked before. */
export const writeXml = (tag: string, value: Writable): string => {
  if (!tagName.test(tag)) throw new TypeError(`not an XML name: ${tag}`)
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map((item: Writable) => writeXml(tag, item)).join('')
  if (typeof value !== 'object') return `<${tag}>${escapeXml(String(value))}</${tag}>`
  let attributes = ''
  let content = ''
  for (const [name, child] of Object.entries(value as WritableElement)) {
    if (child === undefined) continue
    if (name === '#text') content += escapeXml(String(child))
    else if (name.startsWith('@')) attributes += ` ${name.slice(1)}="${escapeXml(String(child))}"`
    else content += writeXml(name, child)
  }
  return content === '' ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${content}</${tag}>`
}
